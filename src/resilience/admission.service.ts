import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { Crowding } from './crowding.service.js';
import { Capacity } from './domain/capacity.js';
import { Pace } from './domain/limits/pace.js';
import { type Priority } from './domain/limits/priority-queue.js';
import { ResilienceMetrics } from './resilience.metrics.js';
import { resilienceSettings } from './resilience.settings.js';

/** Share of the places that calls of a priority may fill: the last ones are for what is more important. */
const SHARES: Readonly<Record<Priority, number>> = { high: 1, normal: 0.95, low: 0.8 };
/** From this share on places are scarce, and that none falls free means something. */
const SCARCE = 0.75;
/** Wait told to callers whose body finds no memory, ms: bodies are given back with every call that ends. */
const BODY_RETRY_MS = 1000;

/** Decides how much the node takes on at once, so that overload is refused and not suffered. */
@Injectable()
export class Admission {
  readonly #calls: Capacity;
  readonly #bodies: Capacity;
  readonly #pace: Pace;
  #scarce = false;

  constructor(
    @Inject(resilienceSettings.KEY) settings: SettingsOf<typeof resilienceSettings>,
    @Inject(CLOCK) clock: Clock,
    private readonly metrics: ResilienceMetrics,
    private readonly crowding: Crowding,
  ) {
    this.#pace = new Pace(clock, () => settings.concurrentCalls);
    this.#calls = new Capacity(settings.concurrentCalls);
    this.#bodies = new Capacity(settings.bodyMemory);
    metrics.attach({ calls: () => this.#calls.used, bodyBytes: () => this.#bodies.used });
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.#calls.used;
  }

  /** Takes a place for a call; the error to show when there is none. Every place taken must be left. */
  enter(priority: Priority): GatewayError | undefined {
    const { used, limit } = this.#calls;
    const scarce = used >= limit * SCARCE;
    if (scarce && !this.#scarce) this.#pace.begin();
    this.#scarce = scarce;
    const most = Math.ceil(limit * SHARES[priority]);
    if (used < most && this.#calls.take(1)) return undefined;
    this.metrics.refused('calls');
    this.crowding.refused('calls', priority);
    return gatewayError('OVERLOADED', 'The node has as many calls in flight as it may.', {
      retryAfterMs: this.#pace.retryAfterMs(used - most),
    });
  }

  /** Gives the place of a call back, after so many ms. */
  leave(heldMs: number): void {
    this.#calls.release(1);
    this.#pace.freed(heldMs);
  }

  /** Takes memory for a part of a body, bytes; the error to show when there is not enough. */
  takeBody(bytes: number): GatewayError | undefined {
    if (this.#bodies.take(bytes)) return undefined;
    this.metrics.refused('body_memory');
    this.crowding.refused('body_memory');
    return gatewayError('OVERLOADED', 'The bodies of running calls fill the memory set aside for them.', {
      retryAfterMs: BODY_RETRY_MS,
    });
  }

  /** Gives the memory of a body back, bytes. */
  releaseBody(bytes: number): void {
    this.#bodies.release(bytes);
  }
}
