import { type Child, el } from '../element.js';
import { figureText } from './figure-text.js';
import { type PlotData } from './plot-data.js';
import { type Plot } from './plots.js';
import { thinned } from './thinning.js';
import { timeText } from './time-text.js';

/** The values of a plot as a table, the latest first; thinned to what can be read through, and it says so. */
export function plotTable(plot: Plot, data: PlotData): Child {
  const places = thinned(data.times.length);
  const every = places.length < data.times.length ? ', thinned from all points of this time' : '';
  const head = ['Time', ...plot.lines.map(({ label }) => label)].map((title) => el('th', { scope: 'col' }, title));
  const rows = places.map((place) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, timeText(data.times[place] ?? 0)),
      ...plot.lines.map(({ series }) => {
        const value = data.values[series]?.[place] ?? null;
        return el('td', {}, value === null ? 'unknown' : figureText(value, plot.unit));
      }),
    ),
  );
  return el(
    'table',
    {},
    el('caption', {}, `${plot.title}: ${places.length} values, the latest first${every}`),
    el('thead', {}, el('tr', {}, ...head)),
    el('tbody', {}, ...rows),
  );
}
