import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { describeDuration } from '../kernel/duration.js';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { MetricsRegistry } from '../metrics/index.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Client } from './clients.service.js';
import { RateHeaders } from './domain/limits/rate-headers.js';
import { RateLimiter, type RateVerdict } from './domain/limits/rate-limiter.js';
import { ResilienceMetrics } from './resilience.metrics.js';
import { resilienceSettings } from './resilience.settings.js';

/** What a request is told about the limit of its client. */
export interface Rate {
  /** The error to show when the request is one too many. */
  readonly refusal: GatewayError | undefined;
  /** Headers for its answer, whatever that is, as a flat list of names and values. */
  readonly headers: readonly string[];
}

interface Limit {
  readonly limiter: RateLimiter;
  readonly headers: RateHeaders;
  /** Message of the error when it is used up. */
  readonly message: string;
}

/** Limits how many requests a client sends, over all routes together (docs/adr/0010-rate-limit.md). */
@Injectable()
export class RateLimits {
  readonly #clients: Limit;
  /** Of networks behind keys that nobody has verified. */
  readonly #networks: Limit;

  constructor(
    @Inject(resilienceSettings.KEY) settings: SettingsOf<typeof resilienceSettings>,
    @Inject(CLOCK) clock: Clock,
    registry: MetricsRegistry,
    private readonly metrics: ResilienceMetrics,
  ) {
    const { rateLimitRequests: requests, rateLimitWindowMs: windowMs, rateLimitClients: clients } = settings;
    const limit = (name: string, most: number, who: string): Limit => ({
      limiter: new RateLimiter(clock, { requests: most, windowMs, clients }),
      headers: new RateHeaders({ name, requests: most, windowMs }),
      message: `${who} has used up its limit of ${most} requests in ${describeDuration(windowMs)}.`,
    });
    this.#clients = limit('default', requests, 'This client');
    this.#networks = limit('address', requests * settings.rateLimitKeysPerAddress, 'This address, with all its keys,');
    const remembered = (): number => this.remembered;
    registry.gauge({
      name: 'l104_rate_limit_clients',
      help: 'Clients whose requests the rate limit remembers.',
      collect() {
        this.set(remembered());
      },
    });
  }

  /** Clients whose requests are remembered. */
  get remembered(): number {
    return this.#clients.limiter.size;
  }

  /** Counts a request, unless it is one too many; `surface` decides which headers tell of it. */
  take(client: Client, surface: 'openai' | 'other'): Rate {
    const { limit, verdict } = this.#verdict(client);
    const headers = surface === 'openai' ? limit.headers.openai(verdict) : limit.headers.plain(verdict);
    if (verdict.allowed) return { refusal: undefined, headers };
    this.metrics.refused('rate');
    return { refusal: gatewayError('RATE_LIMITED', limit.message, { retryAfterMs: verdict.retryAfterMs }), headers };
  }

  /** Forgets all clients. */
  clear(): void {
    this.#clients.limiter.clear();
    this.#networks.limiter.clear();
  }

  /** The verdict of the limit that is nearer. Neither counts what the other refuses, or the waits told would not be true. */
  #verdict({ name, network }: Client): { limit: Limit; verdict: RateVerdict } {
    const own = this.#clients;
    const wider = this.#networks;
    if (network === undefined) return { limit: own, verdict: own.limiter.take(name) };
    // Asked first, so that no number of made-up keys is remembered.
    const ahead = wider.limiter.look(network);
    if (!ahead.allowed) return { limit: wider, verdict: ahead };
    const verdict = own.limiter.take(name);
    if (!verdict.allowed) return { limit: own, verdict };
    const around = wider.limiter.take(network);
    return around.remaining < verdict.remaining ? { limit: wider, verdict: around } : { limit: own, verdict };
  }
}
