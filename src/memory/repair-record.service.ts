import { Inject, Injectable } from '@nestjs/common';
import { HealService } from '../heal/index.js';
import { isWhole, type RepairReport, repairText } from './domain/repair-report.js';
import { MemoryStore } from './memory.store.js';

/** Writes repairs that the store makes on its own, at its start or when it meets a fault, into the journal of heals. */
@Injectable()
export class RepairRecord {
  constructor(
    @Inject(MemoryStore) store: MemoryStore,
    @Inject(HealService) private readonly heal: HealService,
  ) {
    store.repairs.subscribe((report) => {
      this.#record(report);
    });
  }

  #record(report: RepairReport): void {
    const { cause, backup, replayed, dropped, setAside } = report;
    const done = repairText(report);
    const after = { backup, replayed, dropped, set_aside: setAside.length, whole: isWhole(report) };
    this.heal.record({
      by: 'memory',
      level: 'light',
      cause: 'store_fault',
      reason: `${done.charAt(0).toUpperCase()}${done.slice(1)}.`,
      evidence: { fault: cause },
      step: { name: 'memory_repaired', level: 'light', result: 'ok', duration_ms: 0, before: { fault: cause }, after },
    });
  }
}
