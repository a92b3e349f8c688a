import { Inject, Injectable } from '@nestjs/common';
import { type SettingsOf } from '../../platform/settings.js';
import { Simulator } from '../../simulator/index.js';
import { keyEntry } from '../domain/quota/key-entry.js';
import { geminiSettings } from '../gemini.settings.js';
import { type Upstream, upstreams } from '../upstream.js';

/** The built-in simulator, started only when it is the one that answers. */
@upstreams.contribute()
@Injectable()
export class SimulatorUpstream implements Upstream {
  readonly name = 'simulator';
  readonly basePath = '';

  constructor(
    private readonly simulator: Simulator,
    @Inject(geminiSettings.KEY) private readonly settings: SettingsOf<typeof geminiSettings>,
  ) {}

  get origin(): string {
    return this.simulator.url;
  }

  async open(): Promise<void> {
    const entries = this.settings.apiKeys.map(keyEntry);
    const named = entries.flatMap(({ secret, project }) => (project === undefined ? [] : [[secret, project] as const]));
    await this.simulator.start(Object.fromEntries(named));
  }
}
