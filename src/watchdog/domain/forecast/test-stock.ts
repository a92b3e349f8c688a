import { type VitalFigure } from '../vital-figure.js';
import { Forecast } from './forecast.js';

export const MINUTE = 60_000;
export const LOOK = 30_000;
/** The pace of a node as it comes. */
export const PACE = { horizonMs: 60 * MINUTE, intervalMs: LOOK };

/** A stock of which some is used, of a limit of 1000 where nothing else is said. */
export const stock = (value: number | null, changes: Partial<VitalFigure> = {}): VitalFigure => ({
  name: 'stock',
  value,
  unit: 'count',
  limit: 1000,
  stays: 'below',
  at: 0,
  fills: { subject: 'running out of it', advice: 'Get more.' },
  ...changes,
});

/** What comes of a forecast that looks at a stock twice a minute. */
export class Watched {
  readonly forecast: Forecast;
  /** What changed, and in which minute. */
  readonly changes: string[] = [];
  #now: number;

  constructor(pace = PACE, begin = 5 * MINUTE) {
    this.forecast = new Forecast(pace);
    this.#now = begin;
  }

  /** Looks for so many minutes; `read` gives the figure of a minute, counted from here. */
  watch(minutes: number, read: (minute: number) => number | VitalFigure | null, reached = false): this {
    for (let ms = 0; ms < minutes * MINUTE; ms += LOOK) {
      const told = read(ms / MINUTE);
      const figure = typeof told === 'number' || told === null ? stock(told) : told;
      const change = this.forecast.look(figure, reached, this.#now + ms);
      if (change !== undefined) this.changes.push(change.kind === 'raised' ? 'raised' : `cleared: ${change.why}`);
    }
    return this.pass(minutes);
  }

  /** Lets time pass without a look. */
  pass(minutes: number): this {
    this.#now += minutes * MINUTE;
    return this;
  }

  get probability(): number | undefined {
    const { estimate } = this.forecast;
    return estimate.kind === 'known' ? estimate.probability : undefined;
  }

  /** Whole minutes until the limit. */
  get due(): number | undefined {
    const { estimate } = this.forecast;
    return estimate.kind === 'known' && estimate.dueMs !== undefined ? Math.floor(estimate.dueMs / MINUTE) : undefined;
  }
}
