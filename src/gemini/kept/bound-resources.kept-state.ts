import { Inject, Injectable } from '@nestjs/common';
import { type KeptState, keptStates } from '../../platform/kept-state.js';
import { type SettingsOf } from '../../platform/settings.js';
import { geminiSettings } from '../gemini.settings.js';
import { Targets } from '../targets.service.js';
import { type Learnt, readLearnt, upstreamOf } from './learnt.js';

/** Which of the node's own keys files and cached contents belong to. Apart from the rests, which change more often. */
@keptStates.contribute()
@Injectable()
export class BoundResourcesState implements KeptState {
  readonly name = 'bound_resources';
  readonly #upstream: string;

  constructor(
    @Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>,
    private readonly targets: Targets,
  ) {
    this.#upstream = upstreamOf(settings);
  }

  save(): Learnt {
    return { upstream: this.#upstream, facts: this.targets.saveKeys().resources };
  }

  restore(stored: unknown): void {
    const learnt = readLearnt(stored);
    if (learnt?.upstream === this.#upstream) this.targets.restoreKeys({ resources: learnt.facts });
  }
}
