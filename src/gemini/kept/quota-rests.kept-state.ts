import { Inject, Injectable } from '@nestjs/common';
import { type KeptState, keptStates } from '../../platform/kept-state.js';
import { type SettingsOf } from '../../platform/settings.js';
import { geminiSettings } from '../gemini.settings.js';
import { Targets } from '../targets.service.js';
import { type Learnt, readLearnt, upstreamOf } from './learnt.js';

/** Which quotas of the node's own keys rest, and until when. */
@keptStates.contribute()
@Injectable()
export class QuotaRestsState implements KeptState {
  readonly name = 'quota_rests';
  readonly #upstream: string;

  constructor(
    @Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>,
    private readonly targets: Targets,
  ) {
    this.#upstream = upstreamOf(settings);
  }

  save(): Learnt {
    return { upstream: this.#upstream, facts: this.targets.saveKeys().rests };
  }

  restore(stored: unknown): void {
    const learnt = readLearnt(stored);
    if (learnt?.upstream === this.#upstream) this.targets.restoreKeys({ rests: learnt.facts });
  }
}
