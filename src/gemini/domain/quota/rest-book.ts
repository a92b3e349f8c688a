import { type Clock } from '../../../kernel/clock.js';
import { type QuotaKind, type QuotaVerdict } from './quota-verdict.js';

/** A rest as it is shown and stored. */
export interface Rest {
  /** The project or key whose quota is used up. */
  readonly owner: string;
  readonly model: string;
  readonly kind: QuotaKind;
  /** When it ends, ms since the Unix epoch. */
  readonly until: number;
  /** How long it lasts in all, ms: never longer from now, wherever the wall clock was set meanwhile. */
  readonly lastsMs: number;
}

interface Entry {
  readonly owner: string;
  readonly model: string;
  kind: QuotaKind;
  /** Monotonic, ms. */
  until: number;
  lastsMs: number;
  /** The end as it was last told, epoch ms; NaN when it has not been told. */
  told: number;
  /** When the rest was last set, monotonic ms: what began before it has no say. */
  setAt: number;
  /** Unexplained refusals in a row. */
  strikes: number;
}

/** Rests kept at most; a client can invent models, though Google hardly has a quota for them. */
const MAX_RESTS = 2_000;
/** First rest after a 429 that says nothing, ms; doubled with each further one. */
const FIRST_MS = 1_000;
/** Most such a rest grows to, ms: the longest short window of Google's. */
const MOST_MS = 60_000;
/** A quota that has not been refused for so long after its rest starts anew, ms. */
const FORGOTTEN_MS = 60_000;
/** A stored rest longer than the longest day is a mistake, ms. */
const DAY_MS = 25 * 3_600_000;
/** Two readings of both clocks differ by parts of a millisecond; by more, the wall clock was set in between. ms */
const STEP_MS = 1_000;

/**
 * Which quotas rest, and until when. The rule of overlapping rests: the later end counts. A longer rest extends one that
 * runs, a shorter one changes nothing, and rests never add up, so a burst of refusals rests as long as one of them.
 * Only an answer from a call begun after the rest was set, or a person, ends it early.
 */
export class RestBook {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /**
   * Lays a quota to rest after a refusal of an attempt begun at `began` (monotonic ms); the ms it now rests. A refusal
   * without a word rests 1 to 60 s, growing, with half of it random; refusals of one burst count once.
   */
  rest(owner: string, model: string, verdict: QuotaVerdict, began: number): number {
    // Full servers are no quota of anyone's: that is a fault of the target, and its circuit's business.
    if (verdict.kind === 'capacity') return this.restMs(owner, model);
    const now = this.clock.now();
    const entry = this.#entryOf(owner, model, now);
    if (entry.until + FORGOTTEN_MS <= now) entry.strikes = 0;
    if (verdict.restMs === undefined) {
      if (began >= entry.setAt) entry.strikes++;
      else if (entry.until > now) return entry.until - now;
    }
    const until = now + (verdict.restMs ?? this.#grown(entry.strikes));
    if (until > entry.until)
      Object.assign(entry, { until, lastsMs: until - now, told: Number.NaN, kind: verdict.kind });
    entry.setAt = now;
    return entry.until - now;
  }

  /** How long the quota still rests, ms; 0 when it does not. */
  restMs(owner: string, model: string): number {
    return Math.max(0, (this.#entries.get(nameOf(owner, model))?.until ?? 0) - this.clock.now());
  }

  /** Takes in an answer to an attempt begun at `began` (monotonic ms): there is quota, whatever was said before. */
  answered(owner: string, model: string, began: number): void {
    const name = nameOf(owner, model);
    const entry = this.#entries.get(name);
    if (entry !== undefined && began >= entry.setAt) this.#entries.delete(name);
  }

  /** Ends all rests; how many there were. */
  clear(): number {
    const ended = this.list().length;
    this.#entries.clear();
    return ended;
  }

  /** The rests that run, to show and to store; told in the very same words while nothing has changed. */
  list(): Rest[] {
    const now = this.clock.now();
    const toWall = this.clock.wall() - now;
    const running = [...this.#entries.values()].filter(({ until }) => until > now);
    return running.map((entry) => {
      const { owner, model, kind, lastsMs } = entry;
      const until = Math.round(entry.until + toWall);
      if (!(Math.abs(until - entry.told) < STEP_MS)) entry.told = until;
      return { owner, model, kind, until: entry.told, lastsMs };
    });
  }

  /** Takes up stored rests that have not ended; none for longer than it lasts in all, nor than 25 hours. */
  restore(rests: readonly Rest[]): void {
    const now = this.clock.now();
    for (const { owner, model, kind, until, lastsMs } of rests.slice(-MAX_RESTS)) {
      const left = Math.min(until - this.clock.wall(), lastsMs, DAY_MS);
      if (!(left > 0)) continue;
      const entry = this.#entryOf(owner, model, now);
      const rest = { until: now + left, lastsMs, told: until, kind, setAt: now };
      if (rest.until > entry.until) Object.assign(entry, rest);
    }
  }

  #grown(strikes: number): number {
    const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, strikes - 1));
    return ceiling * (0.5 + this.random() / 2);
  }

  #entryOf(owner: string, model: string, now: number): Entry {
    const name = nameOf(owner, model);
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      if (this.#entries.size >= MAX_RESTS) this.#makeRoom(now);
      const never = { until: -Infinity, lastsMs: 0, told: Number.NaN, setAt: -Infinity };
      entry = { owner, model, kind: 'unknown', ...never, strikes: 0 };
      this.#entries.set(name, entry);
    }
    return entry;
  }

  /** Forgets what has ended, or else the rest that ends first: the least is lost with it. */
  #makeRoom(now: number): void {
    let first: [string, Entry] | undefined;
    for (const pair of this.#entries) {
      if (pair[1].until + FORGOTTEN_MS <= now) this.#entries.delete(pair[0]);
      else if (first === undefined || pair[1].until < first[1].until) first = pair;
    }
    if (this.#entries.size >= MAX_RESTS && first !== undefined) this.#entries.delete(first[0]);
  }
}

function nameOf(owner: string, model: string): string {
  return JSON.stringify([owner, model]);
}
