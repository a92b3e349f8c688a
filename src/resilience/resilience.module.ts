import { Module } from '@nestjs/common';
import { Admission } from './admission.service.js';
import { Bulkheads } from './bulkheads.service.js';
import { CircuitMetrics } from './circuit.metrics.js';
import { CircuitsController } from './circuits.controller.js';
import { Circuits } from './circuits.service.js';
import { ResetCircuitsStep } from './heal/reset-circuits.heal-step.js';
import { ResilienceMetrics } from './resilience.metrics.js';
import { RetryPolicy } from './retry-policy.service.js';

/** How much the node takes on at once, and what it does about failing targets. */
@Module({
  controllers: [CircuitsController],
  providers: [Admission, Bulkheads, ResilienceMetrics, Circuits, CircuitMetrics, ResetCircuitsStep, RetryPolicy],
  exports: [Admission, Bulkheads, Circuits, RetryPolicy],
})
export class ResilienceModule {}
