/** Where a permit takes its verdict; `call` says which call it was. */
export interface VerdictDesk {
  succeeded(call: Permit, tookMs: number | undefined): void;
  failed(call: Permit, cause: string | undefined, tookMs: number | undefined): void;
  ignored(call: Permit): void;
}

/** Ticket of a call that is no probe. */
export const NO_PROBE = 0;

/**
 * Leave for one call. Whoever holds it gives one verdict when the call is over, for a
 * stream at its end; any further verdict has no effect, and so has one on a call that
 * began before the circuit last changed its state.
 */
export class Permit {
  readonly #desk: VerdictDesk;
  #settled = false;

  /**
   * @param generation the circuit's at the start of the call
   * @param startedAt monotonic ms; 0 where nothing depends on it
   * @param ticket number of the probe, or `NO_PROBE`
   */
  constructor(
    desk: VerdictDesk,
    readonly generation: number,
    readonly startedAt: number,
    readonly ticket: number,
  ) {
    this.#desk = desk;
  }

  /** Tells a permit from a `Rejection`. */
  get admitted(): true {
    return true;
  }

  /** Whether the fate of the circuit hangs on this call. */
  get probe(): boolean {
    return this.ticket !== NO_PROBE;
  }

  /** The target answered; `tookMs` is what is held against the limit of slow calls, by default the time since the start. */
  success(tookMs?: number): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#desk.succeeded(this, tookMs);
  }

  /** The target is at fault: `cause` is a short code or text that is shown and stored, never a secret. */
  failure(cause?: string, tookMs?: number): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#desk.failed(this, cause, tookMs);
  }

  /** Says nothing about the target: the client left, the request was wrong, a quota is used up, the node refused. */
  ignore(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#desk.ignored(this);
  }
}
