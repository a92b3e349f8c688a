import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { quotaRelief, quotaText, quotaTrouble } from './domain/quota/key-trouble.js';
import { Targets } from './targets.service.js';

/** Quotas of the node's own keys that are used up; they come back by themselves. */
@vitals.contribute()
@Injectable()
export class QuotaVital implements Vital {
  readonly name = 'quota';

  constructor(
    private readonly targets: Targets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  read(): Finding | undefined {
    const trouble = quotaTrouble(this.targets.keyStates(), (model) => this.targets.fallbacks(model));
    if (trouble === undefined) return undefined;
    const { keys, resting, inVain } = trouble;
    return {
      severity: inVain === undefined ? 'degraded' : 'unhealthy',
      cause: 'quota_exhausted',
      evidence: { resting, keys, all_rest_for: inVain?.model ?? null },
      kind: 'quota',
      reason: quotaText(trouble),
      doing: quotaRelief(trouble, this.clock.wall()),
      advice: 'Add a key of another project to GEMINI_API_KEY, or name a fallback model.',
    };
  }
}
