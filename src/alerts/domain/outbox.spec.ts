import { expect, it } from 'vitest';
import { type AlertNotice } from './alert.js';
import { MOST_WAITING, Outbox } from './outbox.js';

const notice = (n: number): AlertNotice => ({ id: String(n), kind: 'firing', alerts: [], at: 0 });

it('keeps its order, waits longer after each failure, up to five minutes', () => {
  const outbox = new Outbox();
  outbox.add(notice(1), 0);
  outbox.add(notice(2), 0);
  let now = 0;
  for (const wait of [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000]) {
    expect(outbox.due(now)?.id).toBe('1');
    outbox.failed('1', now);
    expect(outbox.due(now + wait - 1)).toBeUndefined();
    now += wait;
  }
  outbox.done('1');
  expect(outbox.due(now)?.id).toBe('2');
});

it('is bounded: the oldest goes for a new one', () => {
  const outbox = new Outbox();
  for (let n = 0; n < MOST_WAITING; n++) expect(outbox.add(notice(n), 0)).toBe(false);
  expect(outbox.add(notice(MOST_WAITING), 0)).toBe(true);
  expect(outbox.save().map(({ id }) => id)).toEqual(Array.from({ length: MOST_WAITING }, (_, n) => String(n + 1)));
});
