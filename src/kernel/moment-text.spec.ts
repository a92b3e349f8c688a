import { expect, it } from 'vitest';
import { momentText } from './moment-text.js';

it('names the minute, and the day where that is another one', () => {
  const at = Date.UTC(2026, 10, 28, 21, 4, 59);
  expect(momentText(at, at + 86_399_999)).toBe('21:04 UTC');
  expect(momentText(at, at - 60_000)).toBe('21:04 UTC');
  expect(momentText(at, at + 86_400_000)).toBe('2026-11-28 21:04 UTC');
});
