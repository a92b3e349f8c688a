/** Wrong tokens that a network may try at once, and time after which it may try one more, ms: under 3,000 a day. */
const BURST = 10;
const REFILL_MS = 30_000;
/** Networks that are remembered; of more, the one that tried first is forgotten. */
const NETWORKS = 1000;

interface Tried {
  left: number;
  filledAt: number;
  /** What was found wrong lately, the oldest first. */
  readonly wrong: string[];
}

/**
 * Slows those who guess a token. What counts is a wrong token that was not tried before: a program that goes on sending
 * a token of yesterday learns nothing by it, and must not keep the people of its network out.
 */
export class GuessLimit {
  readonly #tried = new Map<string, Tried>();

  /** Time until a network may try a candidate, ms; 0 for at once. `now` is monotonic ms. */
  wait(network: string, candidate: string, now: number): number {
    const tried = this.#tried.get(network);
    if (tried === undefined || tried.wrong.includes(candidate)) return 0;
    refill(tried, now);
    return tried.left > 0 ? 0 : tried.filledAt + REFILL_MS - now;
  }

  /** Notes that a candidate was wrong. */
  wrong(network: string, candidate: string, now: number): void {
    const tried = this.#of(network, now);
    if (tried.wrong.includes(candidate)) return;
    refill(tried, now);
    if (tried.left > 0) tried.left--;
    tried.wrong.push(candidate);
    if (tried.wrong.length > BURST) tried.wrong.shift();
  }

  /** Networks that are remembered. */
  get size(): number {
    return this.#tried.size;
  }

  #of(network: string, now: number): Tried {
    const known = this.#tried.get(network);
    if (known !== undefined) return known;
    const [first] = this.#tried.keys();
    if (first !== undefined && this.#tried.size >= NETWORKS) this.#tried.delete(first);
    const tried = { left: BURST, filledAt: now, wrong: [] };
    this.#tried.set(network, tried);
    return tried;
  }
}

function refill(tried: Tried, now: number): void {
  const refills = Math.floor((now - tried.filledAt) / REFILL_MS);
  tried.left = Math.min(BURST, tried.left + refills);
  tried.filledAt += refills * REFILL_MS;
}
