import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { CircuitBook } from './circuit-book.js';
import { failing, failingText, isolated, isolatedText } from './circuit-trouble.js';

let clock: ManualClock;
let book: CircuitBook;
beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 10, 28, 12));
  book = new CircuitBook(clock, {
    circuit: { consecutiveFailures: 2, openMs: 60_000, growth: 2 },
    onError: () => undefined,
  });
});

function trip(name: string, cause = 'status 503'): void {
  for (let i = 0; i < 2; i++) {
    const permit = book.get(name).tryAcquire();
    if (permit.admitted) permit.failure(cause);
  }
}

const told = (): string[] => {
  const views = failing(book.views());
  return views.map((view) => failingText(view, views.length - 1));
};

describe('circuits that keep calls out', () => {
  it('are told with the reason, the one that stays open longest first', () => {
    trip('flash@a');
    clock.advance(20_000);
    trip('pro@a', 'connection');
    book.get('lite@a').tryAcquire();
    expect(told()).toEqual([
      'pro@a is failing (connection), and 1 more.',
      'flash@a is failing (status 503), and 1 more.',
    ]);
  });

  it('count while a call tries them, and no more once it was answered', () => {
    trip('flash@a');
    clock.advance(60_000);
    expect(told()).toEqual(['flash@a is failing (status 503).']);
    const probe = book.get('flash@a').tryAcquire();
    expect(told()).toEqual(['flash@a is failing (status 503), a call tries it now.']);
    if (probe.admitted) probe.success(0);
    expect(told()).toEqual([]);
  });

  it('are no news any more when nobody has tried them for five minutes', () => {
    trip('flash@a');
    clock.advance(60_000 + 299_000);
    expect(told()).toHaveLength(1);
    clock.advance(1000);
    expect(told()).toEqual([]);
  });
});

describe('circuits in the hand of an operator', () => {
  it('are told with their own words, and are not failing', () => {
    trip('flash@a');
    book.get('flash@a').isolate('bad answers');
    clock.advance(60_000);
    book.get('pro@a').isolate();
    const views = isolated(book.views());
    expect(views.map((view) => isolatedText(view, views.length - 1))).toEqual([
      'flash@a taken out by an operator at 12:00 UTC: “bad answers”, and 1 more.',
      'pro@a taken out by an operator at 12:01 UTC, and 1 more.',
    ]);
    expect(told()).toEqual([]);
    book.get('pro@a').release();
    expect(isolated(book.views())).toHaveLength(1);
  });
});
