import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type SettingsOf } from '../platform/settings.js';
import { geminiSettings } from './gemini.settings.js';
import { type Upstream, upstreams } from './upstream.js';

/** Chooses the upstream that answers, by `GEMINI_UPSTREAM` and whether there is a key. */
@Injectable()
export class UpstreamService implements OnModuleInit {
  #current: Upstream | undefined;

  constructor(
    @Inject(geminiSettings.KEY) private readonly settings: SettingsOf<typeof geminiSettings>,
    private readonly discovery: DiscoveryService,
  ) {}

  /** The upstream that answers. */
  get current(): Upstream {
    if (this.#current === undefined) throw new Error('the upstream is not open yet');
    return this.#current;
  }

  async onModuleInit(): Promise<void> {
    const wanted = upstreamName(this.settings);
    const found = upstreams.collect(this.discovery).find(({ name }) => name === wanted);
    if (found === undefined) throw new Error(`there is no upstream called ${wanted}`);
    await found.open();
    this.#current = found;
  }
}

/** The upstream that the settings ask for. */
export function upstreamName(settings: SettingsOf<typeof geminiSettings>): Upstream['name'] {
  if (settings.upstream !== 'auto') return settings.upstream;
  return settings.apiKeys.length > 0 ? 'gemini' : 'simulator';
}
