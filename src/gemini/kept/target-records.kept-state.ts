import { Inject, Injectable } from '@nestjs/common';
import { type KeptState, keptStates } from '../../platform/kept-state.js';
import { Lifecycle } from '../../platform/lifecycle.js';
import { type SettingsOf } from '../../platform/settings.js';
import { Circuits } from '../../resilience/index.js';
import { geminiSettings } from '../gemini.settings.js';
import { Targets } from '../targets.service.js';
import { type Learnt, readLearnt, upstreamOf } from './learnt.js';

/** How the targets did in the last day: of the same upstream, and of keys that are in use. */
@keptStates.contribute()
@Injectable()
export class TargetRecordsState implements KeptState {
  readonly name = 'target_records';
  readonly #upstream: string;
  #last: Learnt;

  constructor(
    @Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>,
    private readonly circuits: Circuits,
    private readonly targets: Targets,
    private readonly lifecycle: Lifecycle,
  ) {
    this.#upstream = upstreamOf(settings);
    this.#last = { upstream: this.#upstream, facts: undefined };
  }

  save(): Learnt {
    // Every call changes them, and they need not be stored as often; the last word of a life is.
    const facts = this.circuits.saveRecords(this.lifecycle.phase === 'draining');
    if (this.#last.facts !== facts) this.#last = { upstream: this.#upstream, facts };
    return this.#last;
  }

  restore(stored: unknown): void {
    const learnt = readLearnt(stored);
    if (learnt?.upstream === this.#upstream)
      this.circuits.restoreRecords(learnt.facts, (name) => this.targets.inUse(name));
  }
}
