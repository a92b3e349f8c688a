import { type SettingsOf } from '../../platform/settings.js';
import { type geminiSettings } from '../gemini.settings.js';
import { upstreamName } from '../upstream.service.js';

/** Facts, and the upstream they were learnt of: of another one they say nothing. */
export interface Learnt {
  readonly upstream: string;
  readonly facts: unknown;
}

/** Names the upstream of this life; the port of the simulator, which is another in each, is left out. */
export function upstreamOf(settings: SettingsOf<typeof geminiSettings>): string {
  return upstreamName(settings) === 'gemini' ? settings.baseUrl : 'simulator';
}

/** What was stored, if it has that form. */
export function readLearnt(stored: unknown): Learnt | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { upstream, facts } = stored as Partial<Learnt>;
  return typeof upstream === 'string' ? { upstream, facts } : undefined;
}
