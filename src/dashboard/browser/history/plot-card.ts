import { figureText } from '../../domain/history/figure-text.js';
import { type HealMark, nearestMark } from '../../domain/history/heal-marks.js';
import { type PlotData } from '../../domain/history/plot-data.js';
import { plotIds } from '../../domain/history/plot-frame.js';
import { plotTable } from '../../domain/history/plot-table.js';
import { type Plot } from '../../domain/history/plots.js';
import { plotSummary } from '../../domain/history/summary.js';
import { timeText } from '../../domain/history/time-text.js';
import { type PageDocument, type PageElement } from '../dom.js';
import { morph } from '../morph.js';
import { type Columns, type DrawnPlot, type PlotMaker } from './plot-library.js';
import { type PlotColours, plotOptions, PLOT_HEIGHT } from './plot-options.js';

/** An element whose size is known. */
interface SizedElement extends PageElement {
  readonly clientWidth: number;
}

/** Least width of a plot, px: a hidden element has none. */
const LEAST_WIDTH = 120;

/** One plot on the page, with its words and its table. */
export class PlotCard {
  readonly #canvas: SizedElement;
  readonly #pointed: PageElement;
  readonly #summary: PageElement;
  readonly #toggle: PageElement;
  readonly #table: PageElement;
  #drawn: DrawnPlot | undefined;
  #width = 0;
  #data: PlotData | undefined;
  #marks: readonly HealMark[] = [];

  /** @param find an element of the page by its id */
  constructor(
    private readonly plot: Plot,
    private readonly document: PageDocument,
    find: (id: string) => PageElement,
  ) {
    const ids = plotIds(plot);
    this.#canvas = find(ids.canvas) as SizedElement;
    this.#pointed = find(ids.pointed);
    this.#summary = find(ids.summary);
    this.#toggle = find(ids.toggle);
    this.#table = find(ids.table);
    this.#toggle.addEventListener('click', () => {
      this.#table.hidden = !this.#table.hidden;
      this.#toggle.setAttribute('aria-expanded', String(!this.#table.hidden));
      this.#toggle.textContent = this.#table.hidden ? 'Show as a table' : 'Hide the table';
      this.#fillTable();
    });
  }

  /** Takes what is known now; `drawn` shows it. */
  know(data: PlotData, marks: readonly HealMark[]): void {
    this.#data = data;
    this.#marks = marks;
    this.#summary.textContent = plotSummary(this.plot, data);
    this.#fillTable();
  }

  /** Draws, in other colours than before when `colours` are given. */
  draw(Maker: PlotMaker, colours: PlotColours, anew: boolean): void {
    const data = this.#data;
    if (data === undefined) return;
    const columns: Columns = [data.times, ...this.plot.lines.map(({ series }) => data.values[series] ?? [])];
    if (anew) this.#drop();
    if (this.#drawn !== undefined) {
      this.#drawn.setData(columns);
      return;
    }
    this.#width = this.#room();
    const options = plotOptions(this.plot, this.#width, colours, {
      span: () => [this.#data?.from ?? 0, this.#data?.to ?? 1],
      marks: () => this.#marks,
      pointed: (place) => {
        this.#pointed.textContent = place === null ? '' : this.#textAt(place);
      },
    });
    this.#drawn = new Maker(options, columns, this.#canvas);
  }

  /** Takes the room that the page gives now. */
  fit(): void {
    const width = this.#room();
    if (this.#drawn === undefined || width === this.#width) return;
    this.#width = width;
    this.#drawn.setSize({ width, height: PLOT_HEIGHT });
  }

  #drop(): void {
    this.#drawn?.destroy();
    this.#drawn = undefined;
  }

  #room(): number {
    return Math.max(LEAST_WIDTH, this.#canvas.clientWidth);
  }

  #fillTable(): void {
    const data = this.#data;
    if (this.#table.hidden || data === undefined) return;
    morph(this.document, this.#table, [plotTable(this.plot, data)]);
  }

  #textAt(place: number): string {
    const data = this.#data;
    const time = data?.times[place];
    if (data === undefined || time === undefined) return '';
    const figures = this.plot.lines.map(({ series, label }) => {
      const value = data.values[series]?.[place] ?? null;
      return `${label} ${value === null ? 'unknown' : figureText(value, this.plot.unit)}`;
    });
    const heal = nearestMark(this.#marks, time, data.stepSeconds);
    return [timeText(time), ...figures, ...(heal === undefined ? [] : [`▼ healed: ${heal.text}`])].join(' · ');
  }
}
