import { type PageElement } from '../dom.js';

/*
 * The part of uPlot that the page uses, which is loaded only where there is something to plot: from the node, as
 * everything is. Its own types would bring in those of the whole browser.
 */

/** Numbers by line, the times first. */
export type Columns = readonly (readonly (number | null)[])[];

/** A context to draw on. */
export interface Brush {
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  save(): void;
  restore(): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  stroke(): void;
  fill(): void;
  setLineDash(lengths: readonly number[]): void;
}

/** A plot that is drawn. */
export interface DrawnPlot {
  readonly ctx: Brush;
  /** Where the lines are, px of the canvas. */
  readonly bbox: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly cursor: { readonly idx?: number | null | undefined };
  readonly data: Columns;
  valToPos(value: number, scale: 'x' | 'y', canvas: boolean): number;
  setData(columns: Columns): void;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}

/** Makes plots. */
export type PlotMaker = new (options: object, columns: Columns, into: PageElement) => DrawnPlot;

const LIBRARY = '/assets/uplot.js';
const STYLE = '/assets/plots.css';

/** Address of the style of plots, and a promise of what makes them; rejects when it cannot be loaded. */
export function loadPlots(): { style: string; maker: Promise<PlotMaker> } {
  const address: string = LIBRARY;
  const maker = import(address).then((module) => (module as { default: PlotMaker }).default);
  return { style: STYLE, maker };
}
