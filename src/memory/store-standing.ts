import { type Clock } from '../kernel/clock.js';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { type Log } from '../platform/logging.js';
import { type StoreFault } from './domain/store-fault.js';
import { type StoreState } from './store-status.js';

/** Where a store stands, since when and why; each change is logged once. */
export class StoreStanding {
  #state: StoreState = 'opening';
  #reason: string | undefined;
  #since: number;
  #retryAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#since = clock.wall();
  }

  get state(): StoreState {
    return this.#state;
  }

  /** Why it is unusable, as the middle of a sentence. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** When it came to stand so, ISO 8601 in UTC. */
  get since(): string {
    return new Date(this.#since).toISOString();
  }

  /** Moves on; `cause` is for the log only. */
  enter(state: StoreState, reason?: string, cause?: unknown): void {
    if (state === this.#state && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#since = this.clock.wall();
    if (state === 'ready') this.log.info({ event: 'memory_ready' }, 'the memory store is open');
    else
      this.log.warn(
        { event: 'memory_unusable', reason, err: cause },
        `the memory store is not usable: ${reason ?? ''}`,
      );
  }

  /** Tells when opening is tried again, in ms from now. */
  retryIn(ms: number): void {
    this.#retryAt = this.clock.now() + ms;
  }

  /** What clients are told while nothing can be done; a fault that was met just now says more than the standing. */
  unavailable(fault?: StoreFault): GatewayError {
    const reason = fault?.message ?? this.#reason ?? 'it is not open yet';
    const retryAfterMs = Math.max(1, Math.ceil(this.#retryAt - this.clock.now()));
    const text = `The memory store is not usable: ${reason}.`;
    return gatewayError('STORE_UNAVAILABLE', text, { retryAfterMs, cause: fault });
  }
}
