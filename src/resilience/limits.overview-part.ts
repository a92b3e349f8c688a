import { Inject, Injectable } from '@nestjs/common';
import { type OverviewPart, overviewParts } from '../watchdog/index.js';
import { type SettingsOf } from '../platform/settings.js';
import { Admission } from './admission.service.js';
import { Bulkheads } from './bulkheads.service.js';
import { RateLimits } from './rate-limits.service.js';
import { resilienceSettings } from './resilience.settings.js';
import { RetryPolicy } from './retry-policy.service.js';

/** How much the node takes on, and how much of that is in use. */
@overviewParts.contribute()
@Injectable()
export class LimitsOverview implements OverviewPart {
  readonly name = 'limits';

  constructor(
    @Inject(resilienceSettings.KEY) private readonly settings: SettingsOf<typeof resilienceSettings>,
    private readonly admission: Admission,
    private readonly bulkheads: Bulkheads,
    private readonly policy: RetryPolicy,
    private readonly rates: RateLimits,
  ) {}

  read(): unknown {
    const { allowed, used, windowMs } = this.policy.budget;
    return {
      calls: { in_flight: this.admission.inFlight, limit: this.settings.concurrentCalls },
      models: this.bulkheads.list().map(([name, { limit, inFlight, waiting }]) => ({
        name,
        limit,
        in_flight: inFlight,
        waiting,
      })),
      retry_budget: { used, allowed: Math.floor(allowed), window_seconds: windowMs / 1000 },
      rate_limit: {
        requests: this.settings.rateLimitRequests,
        window_seconds: this.settings.rateLimitWindowMs / 1000,
        clients: this.rates.remembered,
      },
    };
  }
}
