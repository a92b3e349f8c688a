import { expect, it } from 'vitest';
import { deadlineOf } from './deadline.js';

it.each([
  [{}, 600_000],
  [{ 'x-server-timeout': '30' }, 30_000],
  [{ 'x-stainless-timeout': '2.5', 'x-server-timeout': '30' }, 2500],
  [{ 'x-l104-deadline-ms': '100', 'x-stainless-timeout': '2' }, 100],
  [{ 'x-server-timeout': '100000' }, 600_000],
  [{ 'x-server-timeout': 'soon' }, 600_000],
  [{ 'x-server-timeout': '-1' }, 600_000],
  [{ 'x-server-timeout': '' }, 600_000],
  [{ 'x-server-timeout': ['1', '2'] }, 600_000],
  // A header that came twice, as Node joins it.
  [{ 'x-server-timeout': '30, 2' }, 2000],
  [{ 'x-server-timeout': '30, soon' }, 30_000],
])('%j allows %i ms', (headers, ms) => {
  expect(deadlineOf(headers, 600_000)).toBe(ms);
});
