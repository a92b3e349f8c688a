import { Inject, Injectable } from '@nestjs/common';
import { type SettingsOf } from '../../platform/settings.js';
import { geminiSettings } from '../gemini.settings.js';
import { type Upstream, upstreams } from '../upstream.js';

/** The Gemini API itself, or whatever speaks like it at `GEMINI_BASE_URL`. */
@upstreams.contribute()
@Injectable()
export class GoogleUpstream implements Upstream {
  readonly name = 'gemini';
  readonly origin: string;
  readonly basePath: string;

  constructor(@Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>) {
    const { origin, pathname } = new URL(settings.baseUrl);
    this.origin = origin;
    this.basePath = pathname.replace(/\/+$/, '');
  }

  open(): Promise<void> {
    return Promise.resolve();
  }
}
