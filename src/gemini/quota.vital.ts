import { Injectable } from '@nestjs/common';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { quotaText, quotaTrouble } from './domain/quota/key-trouble.js';
import { Targets } from './targets.service.js';

/** Quotas of the node's own keys that are used up; they come back by themselves. */
@vitals.contribute()
@Injectable()
export class QuotaVital implements Vital {
  readonly name = 'quota';

  constructor(private readonly targets: Targets) {}

  read(): Finding | undefined {
    const trouble = quotaTrouble(this.targets.keyStates(), (model) => this.targets.fallbacks(model));
    if (trouble === undefined) return undefined;
    const { keys, resting, inVain } = trouble;
    return {
      severity: inVain === undefined ? 'degraded' : 'unhealthy',
      cause: 'quota_exhausted',
      evidence: { resting, keys, all_rest_for: inVain?.model ?? null },
      reason: quotaText(trouble),
      advice: 'Add keys of other projects to GEMINI_API_KEY, name fallback models, or ask Google for a higher quota.',
    };
  }
}
