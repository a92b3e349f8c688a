import { type Clock } from '../../../kernel/clock.js';

/** Buckets grow by this factor, so a reading is right to within 5 %. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** 1 ms to about two hours; what is beyond falls into the last bucket. */
const BUCKETS = 166;
/** New weights grow as time passes; at this size all are brought down together. */
const RESCALE = 2 ** 40;

/**
 * A distribution of times that forgets: a sample counts half after `halfLifeMs`. Times in buckets of equal ratio as in
 * DDSketch (Masson, Rim and Lee, 2019), weights by forward decay (Cormode et al., 2009), so memory is constant (2.7 kB).
 *
 * A time-out is a *censored* sample: the answer would have taken longer than was waited, nobody knows how much, or would
 * never have come. Counted as that time, or left out, it would pull quantiles down; it is counted as Kaplan and Meier
 * (1958) do: the shorter times were not enough, and nothing else. Quantiles are those of the answers that come at all,
 * so that a share of calls that stay silent for ever does not push them up.
 */
export class MovingQuantile {
  readonly #seen = new Float64Array(BUCKETS);
  readonly #censored = new Float64Array(BUCKETS);
  #from: number;

  constructor(
    private readonly clock: Clock,
    private readonly halfLifeMs: number,
  ) {
    this.#from = clock.now();
  }

  /** Adds a time, ms. */
  add(ms: number): void {
    this.#put(this.#seen, ms);
  }

  /** Adds a time after which waiting was given up, ms. */
  addCensored(ms: number): void {
    this.#put(this.#censored, ms);
  }

  /** How many times were seen, decayed: one of now counts one. Censored ones do not count. */
  get weight(): number {
    return sum(this.#seen) / this.#scale();
  }

  /** The time within which the share `q` (0..1) of the answers that come has come, ms; undefined when none was seen. */
  quantile(q: number): number | undefined {
    const survivals = this.#survivals();
    const ever = 1 - (survivals.at(-1)?.survival ?? 1);
    if (ever <= 0) return undefined;
    const wanted = q * ever - Number.EPSILON * BUCKETS;
    const found = survivals.find(({ survival }) => 1 - survival >= wanted) ?? survivals.at(-1);
    return found === undefined ? undefined : valueOf(found.bucket);
  }

  /** Kaplan and Meier's estimate: at each time seen, the share of answers still to come. */
  #survivals(): { bucket: number; survival: number }[] {
    let left = sum(this.#seen) + sum(this.#censored);
    let survival = 1;
    const found = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const seen = this.#seen[bucket] as number;
      if (seen > 0) {
        survival *= 1 - Math.min(1, seen / left);
        found.push({ bucket, survival });
      }
      left = Math.max(left - seen - (this.#censored[bucket] as number), Number.MIN_VALUE);
    }
    return found;
  }

  #put(weights: Float64Array, ms: number): void {
    let weight = this.#scale();
    if (weight > RESCALE) {
      this.#rescale(weight);
      weight = 1;
    }
    const bucket = bucketOf(ms);
    weights[bucket] = (weights[bucket] as number) + weight;
  }

  #scale(): number {
    return Math.exp(Math.LN2 * Math.min(1_000, (this.clock.now() - this.#from) / this.halfLifeMs));
  }

  #rescale(by: number): void {
    for (const weights of [this.#seen, this.#censored]) {
      for (let bucket = 0; bucket < BUCKETS; bucket++) weights[bucket] = (weights[bucket] as number) / by;
    }
    this.#from = this.clock.now();
  }
}

function bucketOf(ms: number): number {
  const bucket = Math.ceil(Math.log(Math.max(1, ms)) / LOG_GROWTH);
  return Number.isNaN(bucket) ? 0 : Math.min(BUCKETS - 1, bucket);
}

/** The middle of a bucket in the sense of ratios. */
function valueOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (1 + GROWTH);
}

function sum(weights: Float64Array): number {
  let total = 0;
  for (const weight of weights) total += weight;
  return total;
}
