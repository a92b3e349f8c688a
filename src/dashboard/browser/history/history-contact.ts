import { type PlotData, readHistory } from '../../domain/history/plot-data.js';
import { type HealMark, readHealMarks } from '../../domain/history/heal-marks.js';
import { PLOT_SERIES } from '../../domain/history/plots.js';
import { type PlotRange } from '../../domain/history/ranges.js';

/** Asks the node for a path. */
export type Ask = (path: string) => Promise<Response>;

/** The history, or why there is none: not allowed, or no answer. */
export type HistoryLook = { readonly data: PlotData; readonly marks: readonly HealMark[] } | 'refused' | 'lost';

/** Longest wait for an answer, ms: a week of all series takes the node half a second when it has nothing else to do. */
const ANSWER_MS = 8000;
/** Heals asked for; as many as are marked at most. */
const RUNS = 50;

/** Asks as the page does, with the session of the reader, if there is one. */
export const askNode: Ask = (path) =>
  fetch(path, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(ANSWER_MS) });

/** Looks at the history of a node, one call for all plots and one for the heals. */
export class HistoryContact {
  /** How far the node's clock is ahead of this one, ms: the ranges are of the node's time. */
  #ahead = 0;
  /** Set once the node has kept the heals back: it would only do so again. */
  #healsRefused = false;

  constructor(private readonly ask: Ask) {}

  /** Asks for everything again: who reads the page may be another. */
  forget(): void {
    this.#healsRefused = false;
  }

  /** The latest `range`; never rejects. */
  async look({ seconds }: PlotRange): Promise<HistoryLook> {
    try {
      const from = Math.floor((Date.now() + this.#ahead) / 1000) - seconds;
      const response = await this.ask(`/metrics/history?series=${PLOT_SERIES.join(',')}&from=${from}`);
      if (response.status === 401 || response.status === 403) return 'refused';
      const told = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(told)) this.#ahead = told - Date.now();
      const data = response.ok ? readHistory(await response.json()) : undefined;
      return data === undefined ? 'lost' : { data, marks: await this.#marks(data) };
    } catch {
      return 'lost';
    }
  }

  /** Heals are for administrators; plots without them are still plots. */
  async #marks({ from, to }: PlotData): Promise<readonly HealMark[]> {
    if (this.#healsRefused) return [];
    try {
      const response = await this.ask(`/self/heal/runs?limit=${RUNS}`);
      if (response.status === 401 || response.status === 403) this.#healsRefused = true;
      return response.ok ? readHealMarks(await response.json(), from, to) : [];
    } catch {
      return [];
    }
  }
}
