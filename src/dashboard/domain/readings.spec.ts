import { expect, it } from 'vitest';
import { readingOf } from './readings.js';

it('reads each route by itself, and takes a refusal for no failure', () => {
  expect(readingOf('targets', 200, { circuits: [] })).toEqual([]);
  for (const status of [401, 403]) expect(readingOf('alerts', status, { alerts: [] })).toBe('refused');
  for (const status of [404, 429, 500, 503]) expect(readingOf('heals', status, { items: [] })).toBe('unknown');
  expect(readingOf('figures', 200, '<html>')).toBe('unknown');
});
