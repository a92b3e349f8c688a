import { type Clock } from '../../../kernel/clock.js';

/** What happened in an hour of a target. */
export interface Hour {
  /** When it began, epoch ms. */
  readonly at: number;
  readonly calls: number;
  /** Calls that failed by a fault of the target, and those it refused for want of quota. */
  readonly failures: number;
  readonly refusals: number;
  /** How long in it the target was out of use, ms. */
  readonly outMs: number;
}

/** How a call ended, as far as the hours tell. */
export type HourMark = 'answered' | 'failure' | 'refusal' | 'neutral';

/** Hours that are kept. */
export const HOURS = 24;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** An hour as it is stored: hours since the epoch, calls, failures, refusals, minutes out of use. */
export type SavedHour = readonly [index: number, calls: number, failures: number, refusals: number, outMinutes: number];

interface Slot {
  index: number;
  calls: number;
  failures: number;
  refusals: number;
  outMs: number;
}

/** The last day of a target by the hour; memory is constant. */
export class HourBook {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: HOURS }, () => undefined);
  /** Hours begin where those of the wall clock did at the start: a clock that is set later moves none of them. */
  readonly #toWall: number;
  /** Since when the target is out of use, as far as that is not in the hours yet; monotonic ms. */
  #outSince: number | undefined;

  constructor(private readonly clock: Clock) {
    this.#toWall = clock.wall() - clock.now();
  }

  /** Counts a call that has ended. */
  add(mark: HourMark): void {
    const slot = this.#slot(this.#indexOf(this.clock.now()));
    slot.calls++;
    if (mark === 'failure') slot.failures++;
    if (mark === 'refusal') slot.refusals++;
  }

  /** The target is out of use from now on, or in use again. */
  setOut(out: boolean): void {
    this.#settle();
    this.#outSince = out ? this.clock.now() : undefined;
  }

  /**
   * The last `HOURS`, oldest first, the one that goes on last; undefined where nothing is known: before `since` (monotonic
   * ms), unless the node is known to have `run` in that hour of the epoch.
   */
  list(since: number, run: ReadonlySet<number> = new Set()): (Hour | undefined)[] {
    this.#settle();
    const last = this.#indexOf(this.clock.now());
    const first = this.#indexOf(since);
    return Array.from({ length: HOURS }, (_, n) => {
      const index = last - HOURS + 1 + n;
      if (index < first && !run.has(index)) return undefined;
      const { calls = 0, failures = 0, refusals = 0, outMs = 0 } = this.#kept(index) ?? {};
      return { at: index * HOUR_MS, calls, failures, refusals, outMs };
    });
  }

  /** Brings the time out of use up to now into the hours it belongs to; what lies before the oldest of them is left. */
  #settle(): void {
    if (this.#outSince === undefined) return;
    const now = this.clock.now();
    const last = this.#indexOf(now);
    for (let index = Math.max(this.#indexOf(this.#outSince), last - HOURS + 1); index <= last; index++) {
      const begins = index * HOUR_MS - this.#toWall;
      this.#slot(index).outMs += Math.min(now, begins + HOUR_MS) - Math.max(this.#outSince, begins);
    }
    this.#outSince = now;
  }

  /** The hours in which something happened, as plain JSON; seconds out of use in whole minutes, so that waiting changes little. */
  save(): SavedHour[] {
    this.#settle();
    const oldest = this.#indexOf(this.clock.now()) - HOURS + 1;
    return this.#slots.flatMap((slot) => {
      if (slot === undefined || slot.index < oldest) return [];
      return [[slot.index, slot.calls, slot.failures, slot.refusals, Math.floor(slot.outMs / MINUTE_MS)] as const];
    });
  }

  /** Takes up hours that an earlier life has saved; leaves what makes no sense. */
  restore(saved: readonly SavedHour[]): void {
    const last = this.#indexOf(this.clock.now());
    for (const [index, calls, failures, refusals, outMinutes] of saved) {
      if (index > last || index <= last - HOURS) continue;
      const slot = this.#slot(index);
      slot.calls += calls;
      slot.failures += failures;
      slot.refusals += refusals;
      slot.outMs = Math.min(HOUR_MS, slot.outMs + outMinutes * MINUTE_MS);
    }
  }

  #indexOf(mono: number): number {
    return Math.floor((mono + this.#toWall) / HOUR_MS);
  }

  #kept(index: number): Slot | undefined {
    const slot = this.#slots[index % HOURS];
    return slot?.index === index ? slot : undefined;
  }

  #slot(index: number): Slot {
    const slot = this.#kept(index) ?? { index, calls: 0, failures: 0, refusals: 0, outMs: 0 };
    this.#slots[index % HOURS] = slot;
    return slot;
  }
}
