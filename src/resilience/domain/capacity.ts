/** A limited amount of something that calls take and give back: places, bytes. */
export class Capacity {
  #used = 0;

  /** @param limit most that may be taken at once */
  constructor(readonly limit: number) {}

  /** How much is taken now. */
  get used(): number {
    return this.#used;
  }

  /** Takes an amount; false, and nothing taken, when there is not as much left. */
  take(amount: number): boolean {
    if (this.#used + amount > this.limit) return false;
    this.#used += amount;
    return true;
  }

  /** Gives an amount back; more than was taken is a mistake of the caller and counts as all of it. */
  release(amount: number): void {
    this.#used = Math.max(0, this.#used - amount);
  }
}
