import { Inject, Injectable } from '@nestjs/common';
import { type Cause, healSteps, type HealStep, type StepState } from '../../heal/index.js';
import { repairText } from '../domain/repair-report.js';
import { MemoryStore } from '../memory.store.js';

/** Light: opens the store if it is not open, reads the whole file as it is on the disk, repairs it if it is damaged, and writes and reads back a row. */
@healSteps.contribute()
@Injectable()
export class CheckMemoryStep implements HealStep {
  readonly name = 'memory_checked';
  readonly level = 'light';
  readonly audience = 'all';
  readonly cures: readonly Cause[] = ['store_fault'];
  readonly option = 'check_memory';

  constructor(@Inject(MemoryStore) private readonly store: MemoryStore) {}

  wanted(): boolean {
    return true;
  }

  state(): StepState {
    const { state, reason = null, readable, lastRepair } = this.store.status();
    return { state, reason, readable, last_repair: lastRepair === undefined ? null : repairText(lastRepair) };
  }

  run(): Promise<void> {
    return this.store.check();
  }

  verify(): Promise<string | undefined> {
    const { state, reason = 'no reason known' } = this.store.status();
    return Promise.resolve(state === 'ready' ? undefined : `The memory store is not usable: ${reason}.`);
  }
}
