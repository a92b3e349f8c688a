import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../kernel/test-random.js';
import { CLEAR_BELOW, RAISE_AT } from './forecast.js';
import { MINUTE, stock, Watched } from './test-stock.js';

describe('a stock that fills up steadily', () => {
  it('is forecast, with the time that is left', () => {
    const watched = new Watched().watch(30, (minute) => 400 + 12 * minute);
    expect(watched.changes).toEqual(['raised']);
    expect(watched.probability).toBe(1);
    expect(watched.due).toBe(20);
  });

  it('that is left to run out is the same', () => {
    const left = (minute: number): ReturnType<typeof stock> =>
      stock(5000 - 100 * minute, { stays: 'above', limit: 1000 });
    const watched = new Watched().watch(30, left);
    expect([watched.changes, watched.due]).toEqual([['raised'], 10]);
  });

  it('is believed no further ahead than it was watched', () => {
    const watched = new Watched().watch(16, (minute) => 300 + 20 * minute);
    expect([watched.changes, watched.probability, watched.due]).toEqual([[], 0, undefined]);
    expect(new Watched().watch(17, (minute) => 700 + 14 * minute).changes).toEqual(['raised']);
  });

  it('is not forecast beyond the horizon', () => {
    const slow = new Watched().watch(300, (minute) => 100 + minute);
    expect([slow.changes, slow.probability]).toEqual([[], 0]);
  });

  it('is found through noise, and through one reading that is far out of line', () => {
    const random = seededRandom(1);
    const noisy = new Watched().watch(30, (minute) => 400 + 12 * minute + 40 * (random() - 0.5));
    expect(noisy.changes).toEqual(['raised']);
    expect(Math.abs((noisy.due ?? 0) - 20)).toBeLessThan(5);
    const odd = new Watched().watch(30, (minute) => (minute >= 29 ? 0 : 400 + 12 * minute));
    expect([odd.changes, odd.due]).toEqual([['raised'], 20]);
  });
});

describe('a stock that does not fill up', () => {
  it.each<[string, (minute: number) => number]>([
    ['stays flat', () => 900],
    ['is given back', (minute) => 990 - 2 * minute],
    ['has taken one step', (minute) => (minute < 60 ? 200 : 900)],
    ['is full of garbage that is taken back every other look', (minute) => (minute % 1 === 0 ? 300 : 990)],
    ['goes up and down', (minute) => 500 + 450 * Math.sin(minute / 5)],
    ['has been filled while the node started', (minute) => Math.min(800, 400 + 100 * minute)],
  ])('and %s is no sign of anything', (_what, read) => {
    const watched = new Watched().watch(240, read);
    expect(watched.changes).toEqual([]);
    expect(watched.due).toBeUndefined();
  });

  it('for good, whatever garbage is held besides, is forecast by what stays', () => {
    const heap = (minute: number): ReturnType<typeof stock> =>
      stock(400 + 12 * minute, { fills: { subject: 'it', advice: 'Get more.', settled: 300 } });
    expect(new Watched().watch(50, heap).changes).toEqual([]);
  });
});

describe('before enough is seen', () => {
  it('nothing is said but from when on it will be', () => {
    const { forecast } = new Watched().watch(10.5, (minute) => 900 + 9 * minute);
    expect(forecast.estimate).toEqual({ kind: 'unknown', why: 'too_new', knownInMs: 5 * MINUTE });
    const unread = new Watched().watch(5, () => null).forecast.estimate;
    expect(unread).toEqual({ kind: 'unknown', why: 'unread', knownInMs: undefined });
  });

  it('a quarter of the horizon is not enough without ten levels', () => {
    const watched = new Watched({ horizonMs: 60 * MINUTE, intervalMs: 5 * MINUTE });
    for (let i = 0; i < 7; i++) watched.watch(0.5, () => 900).pass(4.5);
    expect(watched.forecast.estimate).toEqual({ kind: 'unknown', why: 'too_new', knownInMs: 15 * MINUTE });
  });

  it('looks that come too seldom for the horizon never tell', () => {
    const { forecast } = new Watched({ horizonMs: 60 * MINUTE, intervalMs: 7 * MINUTE });
    expect(forecast.estimate).toEqual({ kind: 'unknown', why: 'too_seldom', knownInMs: undefined });
  });
});

describe('a break in what is seen', () => {
  it('is no line from one side to the other', () => {
    const watched = new Watched().watch(30, () => 100).pass(14);
    expect(watched.watch(30, () => 800).changes).toEqual([]);
  });

  it('that is long begins anew', () => {
    const watched = new Watched().watch(30, (minute) => 400 + 12 * minute).pass(16);
    watched.watch(0.5, () => 760);
    expect(watched.changes).toEqual(['raised', 'cleared: unknown']);
    expect(watched.forecast.estimate).toEqual({ kind: 'unknown', why: 'too_new', knownInMs: 15 * MINUTE });
  });

  it('in which nothing can be read keeps what was seen, and no longer', () => {
    const watched = new Watched().watch(30, (minute) => 400 + 12 * minute).watch(14, () => null);
    expect(watched.changes).toEqual(['raised']);
    expect(watched.watch(3, () => null).changes).toEqual(['raised', 'cleared: unknown']);
  });

  it('by a clock that goes back begins anew', () => {
    const watched = new Watched().watch(30, (minute) => 400 + 12 * minute).pass(-20);
    const { estimate } = watched.watch(0.5, () => 600).forecast;
    expect(estimate).toEqual({ kind: 'unknown', why: 'too_new', knownInMs: 15 * MINUTE });
  });
});

describe('the limit', () => {
  it('is followed at once when it changes', () => {
    const read = (minute: number): number => 400 + 12 * minute;
    const watched = new Watched().watch(30, read);
    watched.watch(0.5, () => stock(760, { limit: 10_000 }));
    expect([watched.changes, watched.probability]).toEqual([['raised', 'cleared: averted'], 0]);
  });

  it('may not be there', () => {
    const watched = new Watched().watch(30, (minute) => stock(400 + 12 * minute, { limit: null }));
    expect([watched.changes, watched.forecast.estimate]).toEqual([[], { kind: 'no_limit' }]);
  });

  it('is due now where it is passed and the vital does not complain', () => {
    const watched = new Watched().watch(30, () => 1000);
    expect([watched.probability, watched.due]).toEqual([1, 0]);
  });

  it('ends the forecast when it is reached: then there is a condition', () => {
    const watched = new Watched().watch(30, (minute) => 400 + 12 * minute);
    watched.watch(5, (minute) => 760 + 12 * minute, true);
    expect(watched.changes).toEqual(['raised', 'cleared: reached']);
    expect(watched.watch(1, (minute) => 820 + 12 * minute).changes).toHaveLength(2);
    expect(watched.watch(1, (minute) => 832 + 12 * minute).changes.at(-1)).toBe('raised');
  });
});

describe('what wavers is one forecast', () => {
  it('raised at the third look in a row, and kept while it is as likely as not', () => {
    const watched = new Watched().watch(10, () => 300);
    let level = 300;
    const likely: boolean[] = [];
    while (level < 950 && !watched.forecast.raised) {
      watched.watch(0.5, () => (level += 6));
      likely.push((watched.probability ?? 0) >= RAISE_AT);
    }
    expect(likely.slice(-4)).toEqual([false, true, true, true]);
    // The pace slackens: less likely, and still more likely than not.
    for (let i = 0; i < 60 && (watched.probability ?? 0) >= RAISE_AT; i++) watched.watch(0.5, () => level);
    expect(watched.probability).toBeGreaterThan(CLEAR_BELOW);
    expect([watched.forecast.raised, watched.changes]).toEqual([true, ['raised']]);
    watched.watch(60, () => level);
    expect(watched.changes).toEqual(['raised', 'cleared: averted']);
  });
});
