import { describe, expect, it } from 'vitest';
import { toHtml } from '../element.js';
import { figureText } from './figure-text.js';
import { MOST_MARKS, nearestMark, readHealMarks } from './heal-marks.js';
import { historyNote } from './history-note.js';
import { hasValues, readHistory } from './plot-data.js';
import { plotTable } from './plot-table.js';
import { PLOT_SERIES, PLOTS } from './plots.js';
import { FIRST_RANGE, rangeOf } from './ranges.js';
import { axisRange, isolated } from './scales.js';
import { plotSummary } from './summary.js';
import { MOST_ROWS, thinned } from './thinning.js';

const traffic = PLOTS.find(({ id }) => id === 'traffic')!;
const answer = (points: [number, number | null][], errors: [number, number | null][] = []): unknown => ({
  from: 0,
  to: 60,
  step_seconds: 10,
  complete: true,
  series: [
    { name: 'requests', unit: 'per minute', points },
    { name: 'errors', unit: 'per minute', points: errors },
  ],
});
const summary = (values: (number | null)[]): string =>
  plotSummary(traffic, readHistory(answer(values.map((value, n) => [n * 10, value])))!).split(' Errors')[0]!;

describe('what the plots are drawn from', () => {
  it('is the answer of the node, side by side, with gaps where nothing is known', () => {
    const data = readHistory(answer([[0, 1], [10, null]], [[10, 2], [20, 3]])); // prettier-ignore
    expect(data).toMatchObject({ times: [0, 10, 20], values: { requests: [1, null, null], errors: [null, 2, 3] } });
    expect(hasValues(data!)).toBe(true);
    expect(hasValues(readHistory(answer([[0, null]]))!)).toBe(false);
  });

  it('is nothing when it is no such answer', () => {
    for (const other of [null, 'x', [], {}, { series: [] }, { series: 'x', from: 0, to: 1, step_seconds: 1 }]) {
      expect(readHistory(other)).toBeUndefined();
    }
  });

  it('is asked for once for each series, and no line of a plot looks like another', () => {
    expect(new Set(PLOT_SERIES).size).toBe(PLOT_SERIES.length);
    for (const { lines } of PLOTS) expect(new Set(lines.map(({ dash }) => dash.join())).size).toBe(lines.length);
    expect(rangeOf('none').id).toBe(FIRST_RANGE);
  });
});

describe('the words beside a plot', () => {
  it('tell lowest, highest, last value and the trend', () => {
    expect(summary([0, 0, 5, 9, 10, 8])).toBe('Requests: 0/min to 10/min, last 8/min, rising.');
    expect(summary([9, 9, 5, 1, 0, 1])).toContain('falling');
    expect(summary([4, 6, 4, 6, 4, 6])).toContain('steady');
    expect(summary([1, 2])).toContain('too few points');
    expect(summary([3, null, 3])).toBe('Requests: 3/min throughout.');
    expect(summary([null])).toBe('Requests: nothing known in this time.');
  });

  it('write figures as people read them, and never round a failure away', () => {
    expect(figureText(0.99999, 'share')).toBe('99.9 %');
    expect(figureText(1, 'share')).toBe('100 %');
    expect(figureText(0.35, 'seconds')).toBe('350 ms');
    expect(figureText(1.44, 'seconds')).toBe('1.44 s');
    expect(figureText(212 * 1024 * 1024, 'bytes')).toBe('212 MiB');
    expect(figureText(12, 'bytes')).toBe('12 B');
  });

  it('have a table of a hundred rows at most, the latest first', () => {
    expect(thinned(3)).toEqual([2, 1, 0]);
    expect(thinned(0)).toEqual([]);
    for (const count of [100, 101, 500, 2000]) expect(thinned(count).length).toBeLessThanOrEqual(MOST_ROWS);
    const html = toHtml(plotTable(traffic, readHistory(answer([[0, 1], [10, null]]))!)); // prettier-ignore
    expect(html.indexOf('unknown')).toBeLessThan(html.indexOf('1/min'));
  });

  it('say why there is no plot', () => {
    expect(historyNote('refused', 5)).toMatchObject({ plots: false });
    expect(historyNote('lost', undefined)).toMatchObject({ plots: false });
    expect(historyNote('lost', 5).text).toContain('What is shown is from');
    expect(historyNote(readHistory(answer([]))!, undefined).text).toContain('within 10 s');
    expect(historyNote({ ...readHistory(answer([[0, 1]]))!, complete: false }, 1).text).toContain('cannot be read');
  });
});

describe('the picture', () => {
  it('has zero on its axis, and shares no finer than they matter', () => {
    expect(axisRange(5, 100, 'count')).toEqual([0, 108]);
    expect(axisRange(null, null, 'count')).toEqual([0, 1]);
    expect(axisRange(0.999, 1, 'share')).toEqual([0.9, 1]);
    expect(axisRange(0.42, 1, 'share')).toEqual([0.4, 1]);
  });

  it('shows a value between gaps as a point', () => {
    expect(isolated([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  });

  it('marks heals of its time with their cause, the latest when there are many', () => {
    const run = (second: number): object => ({
      timestamp: new Date(second * 1000).toISOString(),
      cause: 'store_fault',
      level: 'light',
      verdict: 'not_cured',
    });
    const marks = readHealMarks({ items: [run(30), run(10), run(99), {}, null] }, 0, 60);
    expect(marks.map(({ time }) => time)).toEqual([10, 30]);
    expect(marks[0]!.text).toBe('store fault, light, not cured');
    expect(nearestMark(marks, 28, 5)?.time).toBe(30);
    expect(nearestMark(marks, 20, 5)).toBeUndefined();
    expect(readHealMarks({ items: Array.from({ length: 80 }, (_, n) => run(n)) }, 0, 99)).toHaveLength(MOST_MARKS);
    expect(readHealMarks('x', 0, 1)).toEqual([]);
  });
});
