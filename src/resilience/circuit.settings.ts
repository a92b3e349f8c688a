import { decimal, duration, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the circuits. */
export const circuitSettings = defineSettings('circuits', 'Circuits', {
  threshold: integer({
    variable: 'CIRCUIT_BREAKER_THRESHOLD',
    default: 5,
    min: 1,
    max: 10_000,
    about: 'Failures in a row that open the circuit of a target.',
  }),
  timeoutMs: duration({
    variable: 'CIRCUIT_BREAKER_TIMEOUT',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1h',
    about: 'How long a circuit stays open before a probe call is let through.',
  }),
  growth: decimal({
    variable: 'CIRCUIT_BREAKER_TIMEOUT_MULTIPLIER',
    default: 2,
    min: 1,
    max: 10,
    about: 'Factor by which each failed probe lengthens the time a circuit stays open. `1`: not at all.',
  }),
  maxMs: duration({
    variable: 'CIRCUIT_BREAKER_TIMEOUT_MAX',
    unit: 's',
    default: '10m',
    min: '1s',
    max: '1d',
    about: 'A circuit stays open no longer than this, however many probes have failed.',
  }),
  failureRate: decimal({
    variable: 'CIRCUIT_BREAKER_FAILURE_RATE',
    default: 0.5,
    min: 0.01,
    max: 1,
    about: 'Share of failures among the calls of the window that opens a circuit although not all fail.',
  }),
  minimumCalls: integer({
    variable: 'CIRCUIT_BREAKER_MIN_CALLS',
    default: 10,
    min: 1,
    max: 10_000,
    about: 'Fewer calls in the window have no rate worth a judgement.',
  }),
  windowMs: duration({
    variable: 'CIRCUIT_BREAKER_WINDOW',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1h',
    about: 'The rates look at the calls of so long.',
  }),
  slowRate: decimal({
    variable: 'CIRCUIT_BREAKER_SLOW_RATE',
    default: 0.8,
    min: 0.01,
    max: 1,
    about:
      'Share of slow calls in the window that opens a circuit: those whose first word never came, or so late that another target asked beside them answered.',
  }),
  probes: integer({
    variable: 'CIRCUIT_BREAKER_PROBES',
    default: 1,
    min: 1,
    max: 100,
    about: 'Calls let through at once to try a target whose circuit was open.',
  }),
  probeLimitMs: duration({
    variable: 'CIRCUIT_BREAKER_PROBE_LIMIT',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1h',
    about: 'A probe that has said nothing for so long gives its place to another.',
  }),
});
