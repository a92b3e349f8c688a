import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { type ErrorCode } from '../kernel/error-codes.js';
import { GatewayError } from '../kernel/gateway-error.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { type RepairReport, repairText, wantsAttention } from './domain/repair-report.js';
import { StoreTrial, type TrialTrouble } from './domain/store-trial.js';
import { MemoryStore } from './memory.store.js';
import { readBack } from './read-back.js';

/** Refusals that say nothing of the store: too much is asked of it, or it closes. */
const NO_FAULT: readonly ErrorCode[] = ['OVERLOADED', 'DRAINING'];

/** Time for a try, ms: a write takes some milliseconds, and some seconds at most behind a full queue. */
const LIMIT_MS = 5000;

/** Whether the store can be used, tried by a durable write now and then; Gemini traffic goes on without it. */
@vitals.contribute()
@Injectable()
export class MemoryVital implements Vital {
  readonly name = 'memory_store';
  readonly #trial: StoreTrial;

  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#trial = new StoreTrial(clock, () => readBack(store), whyOf);
  }

  async refresh(signal: AbortSignal): Promise<void> {
    if (this.store.status().state === 'ready')
      await this.#trial.run(AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]));
  }

  read(): Finding | undefined {
    const { state, reason, required, lastRepair } = this.store.status();
    if (state === 'ready') {
      const { trouble } = this.#trial;
      if (trouble !== undefined) return troubleOf(trouble);
      return lastRepair !== undefined && wantsAttention(lastRepair) ? told(lastRepair) : undefined;
    }
    const why = state === 'opening' ? 'it is being opened' : (reason ?? 'no reason known');
    return {
      severity: 'degraded',
      cause: 'store_fault',
      evidence: { state, reason: reason ?? null },
      reason: `The memory store is not usable (${why}); calls to models are served all the same.`,
      notReady: required,
      // Opening is the cure: a heal could only wait for it.
      healable: state !== 'opening',
    };
  }

  forget(): void {
    this.#trial.forget();
  }
}

/** Only the node's own words are for everybody. */
function whyOf(error: unknown): string | undefined {
  if (!(error instanceof GatewayError)) return 'a write failed';
  return (NO_FAULT as readonly string[]).includes(error.code) ? undefined : error.message.replace(/\.$/, '');
}

function troubleOf(trouble: TrialTrouble): Finding {
  const why = trouble.kind === 'late' ? `a write takes longer than ${LIMIT_MS / 1000} s` : trouble.why;
  return {
    severity: 'degraded',
    cause: 'store_fault',
    evidence: { state: 'ready', trial: trouble.kind },
    reason: `The memory store does not take a write as it should: ${why}.`,
  };
}

/** Said until the next start: somebody has to know. */
function told(report: RepairReport): Finding {
  return {
    severity: 'degraded',
    cause: 'store_fault',
    healable: false,
    reason: `At ${report.at} ${repairText(report)}.`,
  };
}
