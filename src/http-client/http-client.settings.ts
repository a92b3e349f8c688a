import { duration, integer } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the outbound connections. */
export const httpClientSettings = defineSettings('http-client', 'Outbound connections', {
  connectTimeoutMs: duration({
    variable: 'CONNECT_TIMEOUT_MS',
    unit: 'ms',
    default: '5s',
    min: '50ms',
    max: '2m',
    about:
      'Time to open a connection to Gemini. Well above a handshake across the world, well below what a caller notices.',
  }),
  callConnections: integer({
    variable: 'HTTP_CLIENT_CALL_CONNECTIONS',
    default: 6000,
    min: 1,
    max: 100_000,
    about:
      'Most connections that carry calls to models at once. Each streamed answer holds one, so this is also the most streams at once; a fifth above MAX_CONCURRENT_CALLS, for attempts beside others.',
  }),
  maxConnections: integer({
    variable: 'HTTP_CLIENT_MAX_CONNECTIONS',
    default: 100,
    min: 1,
    max: 10_000,
    about: 'Most connections of the buffered client (axios) that serves control calls.',
  }),
  keepAliveConnections: integer({
    variable: 'HTTP_CLIENT_KEEPALIVE_CONNECTIONS',
    default: 20,
    min: 0,
    max: 10_000,
    about: 'Most idle connections the buffered client keeps for reuse.',
  }),
  idleTimeoutMs: duration({
    variable: 'HTTP_CLIENT_IDLE_TIMEOUT',
    unit: 's',
    default: '10s',
    min: '100ms',
    max: '10m',
    about:
      'How long an idle outbound connection is kept. Short, because a connection the other side has closed costs a failed call.',
  }),
  errorThreshold: integer({
    variable: 'HTTP_CLIENT_ERROR_THRESHOLD',
    default: 10,
    min: 1,
    max: 10_000,
    about: 'Outbound connection errors since the last success or recycling at which the connection pool is recycled.',
  }),
  recycleCooldownMs: duration({
    variable: 'HTTP_CLIENT_RECYCLE_COOLDOWN',
    unit: 's',
    default: '30s',
    min: '0s',
    max: '1h',
    about:
      'Least time between two recyclings by themselves: while the upstream itself is down a new pool does not help.',
  }),
});
