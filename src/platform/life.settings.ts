import { duration, integer, text } from './setting-kinds.js';
import { defineSettings, type Setting, SettingProblem, type SettingsOf } from './settings.js';

const LEAST_STALL_MS = 2000;

const limit = duration({
  variable: 'WATCHDOG_STALL_SECONDS',
  unit: 's',
  default: '30s',
  min: '0s',
  max: '1h',
  about:
    'How long the event loop may stand still before the process is ended from outside of it, for its supervisor to start it anew; while it stands still nothing is served at all. `0s`, or the watchdog switched off: never. At least 2s, far above any pause of a working node.',
});

/** A stall that is a mere pause would be no reason to end a process. */
const stallMs: Setting<number> = {
  ...limit,
  read: (raw) => {
    const value = limit.read(raw);
    if (value === 0 || value >= LEAST_STALL_MS) return value;
    throw new SettingProblem('is below 2s, and such a pause is no stall; 0s switches it off');
  },
};

/** Settings of the process's life: what is remembered of it, what ends it, and who starts it anew. */
export const lifeSettings = defineSettings('life', 'Life of the process', {
  file: text({
    variable: 'LIFE_FILE',
    default: 'data/life.jsonl',
    about:
      'The log of the node’s lives: one line when one starts, one when it ends, and why. It tells why the last one ended, and keeps repairs from restarting the node without end. Where it cannot be written the node serves all the same.',
  }),
  stallMs,
  workers: integer({
    variable: 'SUPERVISOR_WORKERS',
    default: 1,
    min: 1,
    max: 64,
    unit: 'processes',
    about:
      'Processes that `npm run start:supervised` keeps running. One is enough for some thousand streams, and all that an SQLite file allows; more need PostgreSQL, and each counts rates and learns circuits for itself.',
  }),
});

/** Validated settings of the process's life. */
export type LifeSettings = SettingsOf<typeof lifeSettings>;
