import { Module } from '@nestjs/common';
import { Admission } from './admission.service.js';
import { ResilienceMetrics } from './resilience.metrics.js';

/** How much the node takes on at once. */
@Module({ providers: [Admission, ResilienceMetrics], exports: [Admission] })
export class ResilienceModule {}
