import { type Clock } from '../../../kernel/clock.js';
import { TimeWindow } from '../../../kernel/time-window.js';
import { MovingQuantile } from '../limits/moving-quantile.js';
import { type Hour, HourBook, type HourMark, type SavedHour } from './hour-book.js';

/** How a target has done lately. Times in epoch ms, spans in ms. */
export interface RecordView {
  readonly lastSuccessAt: number | undefined;
  /** One in twenty of its first words took longer; undefined where too few came lately to speak of that. */
  readonly p95Ms: number | undefined;
  /** Calls that ended within the last minute. */
  readonly callsPerMinute: number;
  /** The last day, oldest first; undefined where it is not known. */
  readonly hours: readonly (Hour | undefined)[];
}

/** A record as it is stored. */
export interface SavedRecord {
  /** When it last answered, epoch ms. */
  readonly last: number | null;
  readonly hours: readonly SavedHour[];
}

/** A first word counts half after so long, ms: what is shown is how the target does now. */
const HALF_LIFE_MS = 300_000;
/** Below this weight of first words nothing is told of them: a single one, five minutes ago, says nothing of now. */
const LEAST_WEIGHT = 0.5;
const MINUTE_MS = 60_000;
const SLOTS = 12;

/** What is remembered of one target besides its circuit; memory is constant, some 5 kB once it has answered. */
export class TargetRecord {
  readonly #minute: TimeWindow<'call'>;
  readonly #hours: HourBook;
  #times: MovingQuantile | undefined;
  #lastSuccessAt: number | undefined;

  constructor(private readonly clock: Clock) {
    this.#minute = new TimeWindow(clock, MINUTE_MS, SLOTS);
    this.#hours = new HourBook(clock);
  }

  /** The first word of an answer came after `ms`. */
  spoke(ms: number): void {
    this.#times ??= new MovingQuantile(this.clock, HALF_LIFE_MS);
    this.#times.add(ms);
  }

  /** A call ended. */
  ended(mark: HourMark): void {
    this.#minute.add('call');
    this.#hours.add(mark);
    if (mark === 'answered') this.#lastSuccessAt = this.clock.wall();
  }

  /** The target is out of use from now on, or in use again. */
  setOut(out: boolean): void {
    this.#hours.setOut(out);
  }

  /** What is to outlive a restart, as plain JSON. */
  save(): SavedRecord {
    return { last: this.#lastSuccessAt ?? null, hours: this.#hours.save() };
  }

  /** Takes up what an earlier life has saved. */
  restore({ last, hours }: SavedRecord): void {
    this.#lastSuccessAt ??= last ?? undefined;
    this.#hours.restore(hours);
  }

  /** How it has done; `since` is from when on everything is known, monotonic ms, and `run` the hours before that are. */
  view(since: number, run?: ReadonlySet<number>): RecordView {
    const times = this.#times;
    return {
      lastSuccessAt: this.#lastSuccessAt,
      p95Ms: times !== undefined && times.weight >= LEAST_WEIGHT ? times.quantile(0.95) : undefined,
      callsPerMinute: this.#minute.count('call'),
      hours: this.#hours.list(since, run),
    };
  }
}
