import { Inject, Injectable } from '@nestjs/common';
import { type KeptState, keptStates } from '../../platform/kept-state.js';
import { type SettingsOf } from '../../platform/settings.js';
import { Circuits } from '../../resilience/index.js';
import { geminiSettings } from '../gemini.settings.js';
import { Targets } from '../targets.service.js';
import { type Learnt, readLearnt, upstreamOf } from './learnt.js';

/**
 * The circuits of the targets. Here and not with the circuits, because only here is known which upstream and which keys
 * they speak of: those of another upstream or of a key that is gone are not taken up. What an operator holds is his
 * decision, not something learnt, and stays held on another upstream too.
 */
@keptStates.contribute()
@Injectable()
export class CircuitsState implements KeptState {
  readonly name = 'circuits';
  readonly #upstream: string;

  constructor(
    @Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>,
    private readonly circuits: Circuits,
    private readonly targets: Targets,
  ) {
    this.#upstream = upstreamOf(settings);
  }

  save(): Learnt {
    return { upstream: this.#upstream, facts: this.circuits.save() };
  }

  restore(stored: unknown): void {
    const learnt = readLearnt(stored);
    const same = learnt?.upstream === this.#upstream;
    this.circuits.restore(learnt?.facts, (name, held) => (same || held) && this.targets.inUse(name));
  }
}
