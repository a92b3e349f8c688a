import { type Child, el, type Element } from '../element.js';
import { timeText } from './time-text.js';
import { type HealMark } from './heal-marks.js';
import { type Plot, type PlotLine } from './plots.js';
import { FIRST_RANGE, PLOT_RANGES } from './ranges.js';

/** Ids of the parts of a plot that change. */
export function plotIds({ id }: Plot): {
  canvas: string;
  pointed: string;
  summary: string;
  toggle: string;
  table: string;
} {
  const part = (name: string): string => `plot-${id}-${name}`;
  return {
    canvas: part('canvas'),
    pointed: part('pointed'),
    summary: part('summary'),
    toggle: part('toggle'),
    table: part('table'),
  };
}

/** A plot before anything is drawn in it: title, key to the lines, and room for picture, words and table. */
export function plotFrame(plot: Plot): Element {
  const ids = plotIds(plot);
  const title = `plot-${plot.id}-title`;
  const { lines, unit } = plot;
  const key = lines.map((line) => el('li', {}, sample(line), line.label));
  return el(
    'div',
    { class: 'plot' },
    el('h3', { id: title }, plot.title, ...(unit === 'per minute' ? [el('small', {}, ' per minute')] : [])),
    el('ul', { class: 'key', 'aria-label': `Lines of ${plot.title}` }, ...key),
    el('div', {
      id: ids.canvas,
      class: 'canvas',
      role: 'img',
      'aria-labelledby': title,
      'aria-describedby': ids.summary,
    }),
    // A reader without sight has the summary and the table; this follows the pointer.
    el('p', { id: ids.pointed, class: 'pointed', 'aria-hidden': 'true' }),
    el('p', { id: ids.summary, class: 'summary' }),
    el(
      'button',
      {
        id: ids.toggle,
        type: 'button',
        'aria-expanded': 'false',
        'aria-controls': ids.table,
        'aria-describedby': title,
      },
      'Show as a table',
    ),
    el('div', { id: ids.table, class: 'values', role: 'region', tabindex: '0', 'aria-labelledby': title, hidden: '' }),
  );
}

/** The buttons that choose the time shown: one of a group, which the arrow keys walk through. */
export function rangeChoice(): Element {
  const choices = PLOT_RANGES.map(({ id, label }) =>
    el(
      'label',
      {},
      el('input', {
        type: 'radio',
        name: 'history-range',
        id: `range-${id}`,
        ...(id === FIRST_RANGE ? { checked: '' } : {}),
      }),
      el('span', {}, label),
    ),
  );
  return el('fieldset', { class: 'ranges' }, el('legend', { class: 'unseen' }, 'Time shown'), ...choices);
}

/** The heals that are marked on the plots, in words. */
export function healList(marks: readonly HealMark[]): Child[] {
  if (marks.length === 0) return [];
  const items = [...marks].reverse().map(({ time, text }) => el('li', {}, `▼ ${timeText(time)}: ${text}`));
  const title = `${marks.length} ${marks.length === 1 ? 'heal' : 'heals'} in this time, marked ▼ on the plots`;
  return [el('details', {}, el('summary', {}, title), el('ul', {}, ...items))];
}

function sample({ tone, dash }: PlotLine): Element {
  return el(
    'svg',
    { class: 'sample', viewBox: '0 0 30 8', 'data-tone': tone, 'aria-hidden': 'true', focusable: 'false' },
    el('path', { d: 'M0 4H30', ...(dash.length > 0 ? { 'stroke-dasharray': dash.join(' ') } : {}) }),
  );
}
