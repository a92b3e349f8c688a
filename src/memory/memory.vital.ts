import { Injectable } from '@nestjs/common';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { type RepairReport, repairText, wantsAttention } from './domain/repair-report.js';
import { MemoryStore } from './memory.store.js';

/** Whether the store can be used; Gemini traffic goes on without it. */
@vitals.contribute()
@Injectable()
export class MemoryVital implements Vital {
  readonly name = 'memory_store';

  constructor(private readonly store: MemoryStore) {}

  read(): Finding | undefined {
    const { state, reason, required, lastRepair } = this.store.status();
    if (state === 'ready') return lastRepair !== undefined && wantsAttention(lastRepair) ? told(lastRepair) : undefined;
    const why = state === 'opening' ? 'it is being opened' : (reason ?? 'no reason known');
    return {
      severity: 'degraded',
      cause: 'store_fault',
      evidence: { state, reason: reason ?? null },
      reason: `The memory store is not usable (${why}); calls to models are served all the same.`,
      notReady: required,
    };
  }
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
