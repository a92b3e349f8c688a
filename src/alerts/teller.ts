import { type platformSettings } from '../platform/platform.settings.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Teller } from './domain/alert.js';

/** The node as one who tells of alerts. */
export function tellerOf({ nodeName, publicUrl }: SettingsOf<typeof platformSettings>): Teller {
  return { instance: nodeName, origin: publicUrl };
}
