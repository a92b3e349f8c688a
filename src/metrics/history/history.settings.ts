import { integer } from '../../platform/setting-kinds.js';
import { defineSettings, type SettingsOf } from '../../platform/settings.js';

/** Settings of the history of metrics. */
export const historySettings = defineSettings('history', 'History of metrics', {
  retentionDays: integer({
    variable: 'METRICS_RETENTION_DAYS',
    default: 90,
    min: 1,
    max: 3650,
    unit: 'days',
    about:
      'How long `GET /metrics/history` looks back. Every ten seconds are kept for a day, every minute for two weeks, every hour for all of it: some 20 MB for a quarter, which covers the usual look back, and 5 MB for every year more.',
  }),
});

/** Validated settings of the history. */
export type HistorySettings = SettingsOf<typeof historySettings>;
