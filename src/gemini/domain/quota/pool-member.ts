import { type Clock } from '../../../kernel/clock.js';

/** A key of the pool: what runs on it, and whether it is of use. */
export class PoolMember {
  inFlight = 0;
  /** Turn in which it was last taken. */
  turn = 0;
  #fault: string | undefined;
  #outUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param project the owner of its quotas
   * @param outMs how long it is out after a refusal, ms
   */
  constructor(
    readonly id: string,
    readonly project: string,
    private readonly clock: Clock,
    private readonly outMs: number,
  ) {}

  /** Why Gemini refused it; undefined when it did not, or has answered since. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Whether it is not to be used while there are others. */
  get out(): boolean {
    return this.#fault !== undefined && this.#outUntil > this.clock.now();
  }

  /** Takes a place at it. Of one that was out the others stay away again until it has answered. */
  take(turn: number): void {
    this.inFlight++;
    this.turn = turn;
    if (this.#fault !== undefined) this.#outUntil = this.clock.now() + this.outMs;
  }

  /** Takes it out; false when it was known to be bad. */
  putOut(fault: string): boolean {
    const known = this.#fault !== undefined;
    this.#fault = fault;
    this.#outUntil = this.clock.now() + this.outMs;
    return !known;
  }

  /** It is good again. */
  readmit(): void {
    this.#fault = undefined;
  }
}
