import { duration, flag, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the repairs. */
export const healSettings = defineSettings('heal', 'Healing', {
  autoHealEnabled: flag({
    variable: 'AUTO_HEAL_ENABLED',
    default: true,
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
  journalIntervalMs: duration({
    variable: 'HEAL_JOURNAL_INTERVAL',
    unit: 's',
    default: '5s',
    min: '100ms',
    max: '10m',
    about: 'Time between two attempts to store entries of the journal that the store did not take at once.',
  }),
  journalEntries: integer({
    variable: 'HEAL_JOURNAL_ENTRIES',
    default: 10_000,
    min: 10,
    max: 1_000_000,
    about: 'Most entries the journal keeps, the oldest go first; about 1 KiB each.',
  }),
  journalAgeMs: duration({
    variable: 'HEAL_JOURNAL_AGE',
    unit: 'd',
    default: '90d',
    min: '1h',
    max: '3650d',
    about: 'How long the journal keeps an entry; a quarter covers the usual look back at an incident.',
  }),
});
