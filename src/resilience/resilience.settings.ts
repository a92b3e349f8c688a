import { bytes, decimal, duration, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of how much the node takes on, and of what it does about failing attempts. */
export const resilienceSettings = defineSettings('resilience', 'Resilience', {
  concurrentCalls: integer({
    variable: 'MAX_CONCURRENT_CALLS',
    default: 5000,
    min: 1,
    max: 100_000,
    about:
      'Most calls in flight; past it new ones get 503 at once. One open stream costs 25 KiB (`npm run idle-streams`) and a socket on either side, so all of them some 130 MiB and 10,000 file descriptors.',
  }),
  bodyMemory: bytes({
    variable: 'REQUEST_BODY_MEMORY',
    default: '512MiB',
    min: '1MiB',
    max: '64GiB',
    about:
      'Memory that the bodies of all calls in flight may take together; past it new calls get 503. Five of the largest bodies at once by default.',
  }),
  modelPlacesInitial: integer({
    variable: 'MODEL_CONCURRENCY_INITIAL',
    default: 200,
    min: 1,
    max: 100_000,
    about: 'Streamed attempts per model that may wait for their first word at once, before anything was measured.',
  }),
  modelPlacesFloor: integer({
    variable: 'MODEL_CONCURRENCY_FLOOR',
    default: 20,
    min: 1,
    max: 100_000,
    about: 'The limit per model never adapts below this: so few cannot be what slows Gemini down.',
  }),
  modelPlacesCeiling: integer({
    variable: 'MODEL_CONCURRENCY_CEILING',
    default: 1000,
    min: 1,
    max: 100_000,
    about:
      'The limit per model never adapts above this, so that a model that is stuck leaves most of MAX_CONCURRENT_CALLS to the others.',
  }),
  queueLimit: integer({
    variable: 'MODEL_QUEUE_LIMIT',
    default: 1000,
    min: 0,
    max: 100_000,
    about:
      'Calls per model that may wait for a place; past it the least important are turned away. With MODEL_CONCURRENCY_CEILING less than half of MAX_CONCURRENT_CALLS, so that others have room while one model is stuck.',
  }),
  queueWaitMs: duration({
    variable: 'MODEL_QUEUE_WAIT',
    unit: 's',
    default: '30s',
    min: '0s',
    max: '10m',
    about: 'Longest wait for a place; a caller that has waited longer has mostly given up.',
  }),
  attempts: integer({
    variable: 'MAX_RETRY_ATTEMPTS',
    default: 3,
    min: 1,
    max: 10,
    about:
      'Attempts of one call in all, the first included. What was not asked yet comes on top, at most as many again: further models of a chain, a fresh key after a refusal. Bad keys do not count. `1`: only a refusal (quota, key, size), which cost Gemini nothing, leads on.',
  }),
  backoffMultiplier: decimal({
    variable: 'RETRY_BACKOFF_MULTIPLIER',
    default: 2,
    min: 1,
    max: 10,
    about: 'Factor by which the wait before the next attempt grows.',
  }),
  backoffBaseMs: duration({
    variable: 'RETRY_BACKOFF_BASE',
    unit: 'ms',
    default: '200ms',
    min: '1ms',
    max: '1m',
    about:
      'Most the wait before the second attempt can be; the wait is random below it, so that callers do not return together.',
  }),
  backoffCapMs: duration({
    variable: 'RETRY_BACKOFF_CAP',
    unit: 'ms',
    default: '10s',
    min: '1ms',
    max: '5m',
    about: 'Most any wait between attempts can grow to.',
  }),
  retryBudgetShare: decimal({
    variable: 'RETRY_BUDGET_SHARE',
    default: 0.2,
    min: 0,
    max: 1,
    about:
      'Further attempts at a model already asked, allowed per recent call, all calls together; at worst an outage costs a model 1.2 times the usual load. Going on to another model, or to a fresh key after a refusal, is free: circuits and rests bound that.',
  }),
  retryBudgetFloor: integer({
    variable: 'RETRY_BUDGET_FLOOR',
    default: 10,
    min: 0,
    max: 10_000,
    about: 'Such attempts allowed in ten seconds however few calls there are, so that a lone caller gets its retries.',
  }),
  waitLimitMs: duration({
    variable: 'RETRY_WAIT_LIMIT',
    unit: 's',
    default: '10s',
    min: '0s',
    max: '10m',
    about: 'Longest wait for a target that asks for one (quota); past it the caller is told when to come back.',
  }),
  failoverPatienceMs: duration({
    variable: 'FAILOVER_PATIENCE',
    unit: 's',
    default: '3s',
    min: '0s',
    max: '10m',
    about: 'How long the model asked for is waited for while a fallback is ready.',
  }),
  rateLimitRequests: integer({
    variable: 'RATE_LIMIT_REQUESTS',
    default: 1000,
    min: 1,
    max: 10_000_000,
    about:
      'Requests one client may send per window, all routes together; more get 429. A client is its key where keys are checked, else its address: an application server is one client.',
  }),
  rateLimitWindowMs: duration({
    variable: 'RATE_LIMIT_WINDOW',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1d',
    about:
      'Length of the window of the rate limit. It slides: a request counts until a window has passed since it came, and there is no moment at which all begins anew.',
  }),
  rateLimitClients: integer({
    variable: 'RATE_LIMIT_CLIENTS',
    default: 100_000,
    min: 1000,
    max: 1_000_000,
    about:
      'Clients whose requests are remembered at once, some 30 MB when full; of more, those seen longest ago begin anew. Far more than a node serves.',
  }),
  rateLimitKeysPerAddress: integer({
    variable: 'RATE_LIMIT_KEYS_PER_ADDRESS',
    default: 10,
    min: 1,
    max: 1000,
    about:
      'Where clients bring their own Gemini keys: how many times the limit one address may send with all its keys. The node cannot tell a key from a made-up one, and a new one for every request would be no limit.',
  }),
});
