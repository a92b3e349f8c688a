import { Module } from '@nestjs/common';
import { Admission } from './admission.service.js';
import { Bulkheads } from './bulkheads.service.js';
import { CircuitMetrics } from './circuit.metrics.js';
import { CircuitsController } from './circuits.controller.js';
import { Circuits } from './circuits.service.js';
import { CircuitsVital } from './circuits.vital.js';
import { Clients } from './clients.service.js';
import { ResetCircuitsStep } from './heal/reset-circuits.heal-step.js';
import { ShrinkLimitsStep } from './heal/shrink-limits.heal-step.js';
import { IsolatedTargetsVital } from './isolated-targets.vital.js';
import { LimitsOverview } from './limits.overview-part.js';
import { RateLimitedRoutes } from './rate-limited-routes.service.js';
import { RateLimits } from './rate-limits.service.js';
import { ResilienceMetrics } from './resilience.metrics.js';
import { HealModule } from '../heal/index.js';
import { WatchdogModule } from '../watchdog/index.js';
import { RetryPolicy } from './retry-policy.service.js';

/** How much the node takes on at once, and what it does about failing targets. */
@Module({
  imports: [HealModule, WatchdogModule],
  controllers: [CircuitsController],
  providers: [
    Admission,
    Bulkheads,
    ResilienceMetrics,
    Circuits,
    CircuitMetrics,
    CircuitsVital,
    IsolatedTargetsVital,
    ResetCircuitsStep,
    ShrinkLimitsStep,
    RetryPolicy,
    Clients,
    RateLimits,
    RateLimitedRoutes,
    LimitsOverview,
  ],
  exports: [Admission, Bulkheads, Circuits, RetryPolicy, Clients, RateLimits],
})
export class ResilienceModule {}
