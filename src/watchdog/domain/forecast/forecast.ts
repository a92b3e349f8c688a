import { type VitalFigure } from '../vital-figure.js';
import { estimate, type Estimate, type ForecastPace } from './estimate.js';
import { LevelRecord } from './level-record.js';

/** Probability from which a forecast is raised, and below which it is cleared: what wavers between them is one forecast. */
export const RAISE_AT = 0.8;
export const CLEAR_BELOW = 0.5;
/** Looks in a row that raise it. */
const LOOKS = 3;

/** Why a forecast is over: the pace has changed, the limit is reached, or nothing can be told any more. */
export type ClearReason = 'averted' | 'reached' | 'unknown';
/** What a look has changed. */
export type ForecastChange = { readonly kind: 'raised' } | { readonly kind: 'cleared'; readonly why: ClearReason };

/** Whether one stock of the node is likely to reach its limit, with hysteresis. */
export class Forecast {
  readonly #record: LevelRecord;
  #estimate: Estimate;
  #likely = 0;
  #raised = false;

  constructor(private readonly pace: ForecastPace) {
    this.#record = new LevelRecord(pace.horizonMs);
    this.#estimate = estimate([], 0, 0, pace);
  }

  get estimate(): Estimate {
    return this.#estimate;
  }

  get raised(): boolean {
    return this.#raised;
  }

  /**
   * Takes in a figure, whose value may be unknown. `reached`: its vital complains, so that there is a condition and
   * nothing to forecast. `now` in monotonic ms.
   */
  look(figure: VitalFigure, reached: boolean, now: number): ForecastChange | undefined {
    const { value, limit, stays, fills } = figure;
    // What is left is what is used, counted down.
    const sign = stays === 'below' ? 1 : -1;
    const used = fills?.settled === undefined ? value : fills.settled;
    if (used !== null) this.#record.take({ at: now, used: sign * used });
    // What is used does not depend on the limit: one that changes is reckoned with at once.
    this.#estimate = estimate(this.#record.levels(now), limit === null ? null : sign * limit, now, this.pace);
    return this.#judge(reached);
  }

  #judge(reached: boolean): ForecastChange | undefined {
    const probability = this.#estimate.kind === 'known' ? this.#estimate.probability : 0;
    this.#likely = probability >= RAISE_AT && !reached ? this.#likely + 1 : 0;
    if (!this.#raised && this.#likely >= LOOKS) {
      this.#raised = true;
      return { kind: 'raised' };
    }
    if (!this.#raised || (probability >= CLEAR_BELOW && !reached)) return undefined;
    this.#raised = false;
    return { kind: 'cleared', why: reached ? 'reached' : this.#estimate.kind === 'known' ? 'averted' : 'unknown' };
  }
}
