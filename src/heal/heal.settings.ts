import { duration, flag } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the repairs. */
export const healSettings = defineSettings('heal', 'Healing', {
  autoHealEnabled: flag({
    variable: 'AUTO_HEAL_ENABLED',
    default: true,
    reserved: true,
    about: 'Heal by itself when request errors reach their threshold.',
  }),
  stepTimeoutMs: duration({
    variable: 'HEAL_STEP_TIMEOUT',
    unit: 's',
    default: '15s',
    min: '100ms',
    max: '10m',
    about: 'Time for one step of a heal; a check of a large store takes some seconds.',
  }),
});
