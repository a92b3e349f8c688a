import { type Clock } from '../../../kernel/clock.js';
import { MovingQuantile } from './moving-quantile.js';

/** How long a model may stay silent before its first word. */
export interface FirstTokenOptions {
  /** Limit while little is known, ms. */
  readonly defaultMs: number;
  /** No limit is shorter, ms. */
  readonly floorMs: number;
  /** No limit is longer, ms. */
  readonly ceilingMs: number;
  /** The limit is this many times the time within which 99 of 100 answers began. */
  readonly factor: number;
  /** Samples, decayed, below which the default holds. */
  readonly minSamples: number;
  /** Time after which a sample counts half, ms. */
  readonly halfLifeMs: number;
  /** Time a thinking model may take per token of its thinking budget while little is known, ms. */
  readonly perThinkingTokenMs: number;
}

/** Three times the 99th percentile leaves a healthy model alone; twenty samples are the least that have one. */
export const USUAL_FIRST_TOKEN: Omit<FirstTokenOptions, 'defaultMs'> = {
  floorMs: 2_000,
  ceilingMs: 180_000,
  factor: 3,
  minSamples: 20,
  halfLifeMs: 600_000,
  perThinkingTokenMs: 8,
};

interface Series {
  readonly times: MovingQuantile;
  /** Quantiles as last read: reading one takes some microseconds, and they move slowly. */
  readonly read: Map<number, { readonly at: number; readonly ms: number | undefined }>;
  /** Time-outs since the last answer. */
  timeouts: number;
}

/** Series of one model, by how much it is let think. */
interface Model {
  readonly series: (Series | undefined)[];
  /** Turn in which it was last used. */
  used: number;
}

/** Models known at most; clients can invent names. */
const MAX_MODELS = 100;
const QUANTILE = 0.99;
/** So many time-outs in a row without an answer double a limit that was learnt, up to the default. */
const DOUBT_AFTER = 5;
/** How long a quantile that was read holds, ms. */
const READ_MS = 1_000;
/** Thinking budgets up to this many tokens make a series of their own, as do larger ones. */
const MUCH_THINKING = 4_096;

/**
 * Learns per model, and apart for little and much thinking, how long a first token may take. What was given up on counts
 * as censored, so time-outs pull the limit neither down nor up. Should a learnt limit cut off answers that would have
 * come, those that just make it raise it, by its factor; when nothing meets it any more it goes back, step by step, to
 * the default: in a lasting silence it never passes the larger of the two. Bounded: the model used longest ago is
 * forgotten first.
 */
export class FirstTokenLimit {
  readonly #models = new Map<string, Model>();
  #turn = 0;

  constructor(
    private readonly clock: Clock,
    private readonly options: FirstTokenOptions,
  ) {}

  /** The limit for a model, ms; `thinking` is the budget in tokens: 0 is none, undefined or negative the model's own choice. */
  limitMs(model: string, thinking?: number): number {
    const usual = this.#usualMs(thinking);
    const series = this.#models.get(model)?.series[amountOf(thinking)];
    const known = series === undefined ? undefined : this.#read(series, QUANTILE);
    if (series === undefined || known === undefined) return usual;
    const learnt = this.#clamp(known * this.options.factor);
    const doubts = Math.floor(series.timeouts / DOUBT_AFTER);
    return doubts === 0 ? learnt : Math.max(learnt, Math.min(usual, learnt * 2 ** doubts));
  }

  /** The time by which a share `q` (0..1) of answers begin, ms, for hedges; undefined while too little is known. */
  quantileMs(model: string, thinking: number | undefined, q: number): number | undefined {
    const series = this.#models.get(model)?.series[amountOf(thinking)];
    return series === undefined ? undefined : this.#read(series, q);
  }

  /** Takes in the first token of an answer, after `ms`. */
  firstToken(model: string, thinking: number | undefined, ms: number): void {
    const series = this.#seriesOf(model, thinking);
    series.times.add(ms);
    series.timeouts = 0;
  }

  /** Takes in that the limit was reached, or that waiting was given up for another reason, after `ms`. */
  gaveUp(model: string, thinking: number | undefined, ms: number, reached: boolean): void {
    const series = this.#seriesOf(model, thinking);
    series.times.addCensored(ms);
    if (reached) series.timeouts++;
  }

  /** Models known now. */
  get size(): number {
    return this.#models.size;
  }

  #usualMs(thinking: number | undefined): number {
    return this.#clamp(this.options.defaultMs + Math.max(0, thinking ?? 0) * this.options.perThinkingTokenMs);
  }

  #read({ times, read }: Series, q: number): number | undefined {
    const now = this.clock.now();
    const known = read.get(q);
    if (known !== undefined && now - known.at < READ_MS) return known.ms;
    const ms = times.weight < this.options.minSamples ? undefined : times.quantile(q);
    read.set(q, { at: now, ms });
    return ms;
  }

  #clamp(ms: number): number {
    return Math.min(this.options.ceilingMs, Math.max(this.options.floorMs, ms));
  }

  #seriesOf(model: string, thinking: number | undefined): Series {
    let known = this.#models.get(model);
    if (known === undefined) {
      if (this.#models.size >= MAX_MODELS) this.#forgetOne();
      known = { series: [], used: 0 };
      this.#models.set(model, known);
    }
    known.used = ++this.#turn;
    return (known.series[amountOf(thinking)] ??= {
      times: new MovingQuantile(this.clock, this.options.halfLifeMs),
      read: new Map(),
      timeouts: 0,
    });
  }

  /** Forgets the model used longest ago. */
  #forgetOne(): void {
    const [oldest] = [...this.#models].reduce((least, one) => (one[1].used < least[1].used ? one : least));
    this.#models.delete(oldest);
  }
}

/** Models without thinking, with little, with much and with their own choice are as different as models. */
function amountOf(thinking: number | undefined): number {
  if (thinking === undefined || thinking < 0) return 0;
  if (thinking === 0) return 1;
  return thinking <= MUCH_THINKING ? 2 : 3;
}
