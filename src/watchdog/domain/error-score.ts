/** Up by one on an error, down by one on a success, never below zero: the seed's measure of request errors. */
export class ErrorScore {
  #score = 0;

  constructor(private readonly threshold: number) {}

  get score(): number {
    return this.#score;
  }

  /** True from the moment the threshold is reached until successes have brought the score below it. */
  get failing(): boolean {
    return this.#score >= this.threshold;
  }

  error(): void {
    // Bounded, so that a long outage is forgiven as fast as a short one.
    this.#score = Math.min(this.#score + 1, this.threshold * 2);
  }

  success(): void {
    this.#score = Math.max(this.#score - 1, 0);
  }
}
