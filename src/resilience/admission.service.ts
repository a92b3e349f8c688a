import { Inject, Injectable } from '@nestjs/common';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { type SettingsOf } from '../platform/settings.js';
import { Capacity } from './domain/capacity.js';
import { ResilienceMetrics } from './resilience.metrics.js';
import { resilienceSettings } from './resilience.settings.js';

/** Wait told to callers who are refused for lack of room, ms: calls end every moment. */
const RETRY_AFTER_MS = 1000;

/** Decides how much the node takes on at once, so that overload is refused and not suffered. */
@Injectable()
export class Admission {
  readonly #calls: Capacity;
  readonly #bodies: Capacity;

  constructor(
    @Inject(resilienceSettings.KEY) settings: SettingsOf<typeof resilienceSettings>,
    private readonly metrics: ResilienceMetrics,
  ) {
    this.#calls = new Capacity(settings.concurrentCalls);
    this.#bodies = new Capacity(settings.bodyMemory);
    metrics.attach({ calls: () => this.#calls.used, bodyBytes: () => this.#bodies.used });
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.#calls.used;
  }

  /** Takes a place for a call; the error to show when there is none. Every place taken must be left. */
  enter(): GatewayError | undefined {
    if (this.#calls.take(1)) return undefined;
    this.metrics.refused('calls');
    return gatewayError('OVERLOADED', 'The node has as many calls in flight as it may.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  /** Gives the place of a call back. */
  leave(): void {
    this.#calls.release(1);
  }

  /** Takes memory for a part of a body, bytes; the error to show when there is not enough. */
  takeBody(bytes: number): GatewayError | undefined {
    if (this.#bodies.take(bytes)) return undefined;
    this.metrics.refused('body_memory');
    return gatewayError('OVERLOADED', 'The bodies of running calls fill the memory set aside for them.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  /** Gives the memory of a body back, bytes. */
  releaseBody(bytes: number): void {
    this.#bodies.release(bytes);
  }
}
