import { Global, Module } from '@nestjs/common';
import { TracingMetrics } from './tracing.metrics.js';
import { Tracing } from './tracing.service.js';

/** Traces of the requests to the API, sent to an OpenTelemetry collector where one is named. */
@Global()
@Module({ providers: [Tracing, TracingMetrics], exports: [Tracing] })
export class TracingModule {}
