import { duration, flag, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the watchdog. */
export const watchdogSettings = defineSettings('watchdog', 'Watchdog', {
  enabled: flag({
    variable: 'ENABLE_WATCHDOG_ENV',
    aliases: ['ENABLE_WATCHDOG'],
    default: true,
    about: 'Check the vitals of the node at a regular interval.',
  }),
  intervalMs: duration({
    variable: 'WATCHDOG_INTERVAL',
    unit: 's',
    default: '30s',
    min: '1s',
    max: '1h',
    about: 'Time between two checks.',
  }),
  forecastHorizonMs: duration({
    variable: 'FORECAST_HORIZON',
    unit: 'm',
    default: '60m',
    min: '10s',
    max: '24h',
    about:
      'How far ahead it is forecast whether a resource of the node reaches its limit, and how far back readings count for it. An hour is enough to act in; nothing is forecast further ahead than the node has watched, nor before a quarter of it, nor where WATCHDOG_INTERVAL is more than a tenth of it.',
  }),
  failureThreshold: integer({
    variable: 'WATCHDOG_FAILURE_THRESHOLD',
    default: 3,
    min: 1,
    max: 100,
    about: 'Failed checks in a row after which the watchdog heals.',
  }),
  exitOnFailure: flag({
    variable: 'WATCHDOG_EXIT_ON_FAILURE',
    default: true,
    about: 'Let the watchdog end the process for its supervisor when milder repairs did not help.',
  }),
  restartLimit: integer({
    variable: 'WATCHDOG_RESTART_LIMIT',
    default: 3,
    min: 0,
    max: 100,
    about:
      'Most restarts that the node may heal itself by within the period; then it stays up, degraded, since what three new processes did not cure a fourth will not.',
  }),
  restartPeriodMs: duration({
    variable: 'WATCHDOG_RESTART_PERIOD',
    unit: 'm',
    default: '15m',
    min: '1s',
    max: '7d',
    about: 'Period in which restarts are counted.',
  }),
  errorThreshold: integer({
    variable: 'AUTO_HEAL_ERROR_THRESHOLD',
    default: 5,
    min: 1,
    max: 10_000,
    about: 'Score of request errors (up on an error, down on a success) at which the node counts as failing.',
  }),
  loopDelayLimitMs: duration({
    variable: 'WATCHDOG_LOOP_DELAY_LIMIT',
    unit: 'ms',
    default: '500ms',
    min: '20ms',
    max: '1m',
    about:
      'Event-loop delay (95th percentile since the last check) above which the node counts as overloaded; streams stutter visibly from there on.',
  }),
});
