import { bytes, decimal, duration, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of how much the node takes on, and of what it does about failing attempts. */
export const resilienceSettings = defineSettings('resilience', 'Resilience', {
  concurrentCalls: integer({
    variable: 'MAX_CONCURRENT_CALLS',
    default: 2000,
    min: 1,
    max: 100_000,
    about:
      'Most calls in flight; past it new ones get 503 at once. One stream costs some 10 kB and a socket on either side.',
  }),
  bodyMemory: bytes({
    variable: 'REQUEST_BODY_MEMORY',
    default: '512MiB',
    min: '1MiB',
    max: '64GiB',
    about:
      'Memory that the bodies of all calls in flight may take together; past it new calls get 503. Five of the largest bodies at once by default.',
  }),
  circuitThreshold: integer({
    variable: 'CIRCUIT_BREAKER_THRESHOLD',
    default: 5,
    min: 1,
    max: 10_000,
    reserved: true,
    about: 'Failures in a row that open the circuit of a target.',
  }),
  circuitTimeoutMs: duration({
    variable: 'CIRCUIT_BREAKER_TIMEOUT',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1h',
    reserved: true,
    about: 'How long a circuit stays open before a probe call is let through.',
  }),
  attempts: integer({
    variable: 'MAX_RETRY_ATTEMPTS',
    default: 3,
    min: 1,
    max: 10,
    reserved: true,
    about: 'Attempts of one call in all, the first included.',
  }),
  backoffMultiplier: decimal({
    variable: 'RETRY_BACKOFF_MULTIPLIER',
    default: 2,
    min: 1,
    max: 10,
    reserved: true,
    about: 'Factor by which the wait before the next attempt grows.',
  }),
  rateLimitRequests: integer({
    variable: 'RATE_LIMIT_REQUESTS',
    default: 1000,
    min: 1,
    max: 10_000_000,
    reserved: true,
    about: 'Requests one client may send per window; an application server is one client.',
  }),
  rateLimitWindowMs: duration({
    variable: 'RATE_LIMIT_WINDOW',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1d',
    reserved: true,
    about: 'Length of the window of the rate limit.',
  }),
});
