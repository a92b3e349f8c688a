import { type Clock } from '../../../kernel/clock.js';
import { HOURS } from './hour-book.js';
import { readRecords, type SavedRecords } from './saved-records.js';
import { type RecordView, TargetRecord } from './target-record.js';

/** Records that are kept, as many as circuits; names may come from callers. */
const MOST = 1000;
/** Records that outlive a restart, those heard of last: some 20 kB in all. */
const MOST_SAVED = 30;
/** Every call changes a record: they are stored anew once in so long, ms. */
const SAVE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The records of all targets by name. Bounded: a new one takes the place of the one that nothing was heard of for longest. */
export class RecordBook {
  /** The one heard of longest ago comes first. */
  readonly #records = new Map<string, TargetRecord>();
  readonly #since: number;
  readonly #toWall: number;
  /** Hours of the epoch in which earlier lives ran. */
  readonly #run = new Set<number>();
  #saved: { readonly at: number; readonly records: SavedRecords } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly most: number = MOST,
  ) {
    this.#since = clock.now();
    this.#toWall = clock.wall() - clock.now();
  }

  /** Records that are kept. */
  get size(): number {
    return this.#records.size;
  }

  /** The record of a target, made when it is new. */
  get(name: string): TargetRecord {
    const record = this.#records.get(name) ?? new TargetRecord(this.clock);
    this.#records.delete(name);
    const [oldest] = this.#records.keys();
    if (this.#records.size >= this.most && oldest !== undefined) this.#records.delete(oldest);
    this.#records.set(name, record);
    return record;
  }

  /** How a target has done; of one that nothing was heard of, that nothing is known. */
  view(name: string): RecordView {
    return (this.#records.get(name) ?? new TargetRecord(this.clock)).view(this.#since, this.#run);
  }

  /** What is to outlive a restart, as plain JSON; the very same for a minute, unless it is asked for as it is now. */
  save(fresh = false): SavedRecords {
    const now = this.clock.now();
    if (fresh || this.#saved === undefined || now - this.#saved.at >= SAVE_MS) {
      const latest = [...this.#records].slice(-MOST_SAVED);
      const records = Object.fromEntries(latest.map(([name, record]) => [name, record.save()]));
      this.#saved = { at: now, records: { run: this.#hoursRun(now), records } };
    }
    return this.#saved.records;
  }

  /** Takes up what an earlier life has saved of the targets that are wanted; leaves what makes no sense. Never throws. */
  restore(stored: unknown, wanted: (name: string) => boolean): void {
    this.#saved = undefined;
    const { run, records } = readRecords(stored);
    for (const hour of run) this.#run.add(hour);
    for (const [name, saved] of Object.entries(records).slice(-MOST_SAVED))
      if (wanted(name)) this.get(name).restore(saved);
  }

  #hoursRun(now: number): number[] {
    const index = (mono: number): number => Math.floor((mono + this.#toWall) / HOUR_MS);
    const last = index(now);
    const own = Array.from({ length: Math.min(HOURS, last - index(this.#since) + 1) }, (_, n) => last - n);
    return [...new Set([...this.#run, ...own])].filter((hour) => hour > last - HOURS).sort((a, b) => a - b);
  }
}
