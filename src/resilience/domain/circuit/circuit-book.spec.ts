import { expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { CircuitBook } from './circuit-book.js';

function setUp(limit: number) {
  const clock = new ManualClock();
  const book = new CircuitBook(clock, { limit, circuit: { consecutiveFailures: 1 } });
  const trip = (name: string): void => {
    const permit = book.get(name).tryAcquire();
    if (permit.admitted) permit.failure();
  };
  return { clock, book, trip };
}

it('keeps one circuit for each target', () => {
  const { book } = setUp(10);
  expect(book.get('a')).toBe(book.get('a'));
  expect(book.find('a')).toBe(book.get('a'));
  expect(book.find('b')).toBeUndefined();
});

it('stays within its limit whatever names come, and lets go of closed circuits long unused', () => {
  const { book, trip } = setUp(4);
  trip('open');
  book.get('isolated').isolate();
  const busy = book.get('busy');
  for (let i = 0; i < 10_000; i++) {
    book.get(`name ${i}`);
    expect(book.get('busy')).toBe(busy);
  }
  expect(book.views().map(({ name }) => name)).toEqual(['isolated', 'open', 'busy', 'name 9999']);
});

it('lets go of an open circuit when none is closed, and never of what an operator holds', () => {
  const { book, trip } = setUp(2);
  book.get('a').isolate();
  trip('b');
  trip('c');
  expect(book.views().map(({ name }) => name)).toEqual(['a', 'c']);
  book.get('c').disable();
  const passing = book.get('d');
  expect(passing.tryAcquire().admitted).toBe(true);
  expect(book.find('d')).toBeUndefined();
  expect(book.size).toBe(2);
});

it('shows the worst first, then by name', () => {
  const { book, clock, trip } = setUp(10);
  for (const name of ['z', 'y', 'm/2', 'm/10', 'off', 'held', 'half']) book.get(name);
  book.get('held').isolate();
  book.get('off').disable();
  trip('half');
  clock.advance(60_000);
  book.get('half').tryAcquire();
  trip('y');
  expect(book.views().map(({ name }) => name)).toEqual(['held', 'y', 'half', 'off', 'm/10', 'm/2', 'z']);
});

it('resets all but what operators hold', () => {
  const { book, trip } = setUp(10);
  trip('a');
  trip('b');
  book.get('c').isolate();
  expect(book.reset()).toBe(2);
  expect(book.views().map(({ state }) => state)).toEqual(['isolated', 'closed', 'closed']);
});

it('tells the transitions of all its circuits', () => {
  const { book, trip } = setUp(10);
  const heard: string[] = [];
  const leave = book.subscribe(({ circuit, to }) => heard.push(`${circuit} ${to}`));
  trip('a');
  trip('b');
  leave();
  trip('c');
  expect(heard).toEqual(['a open', 'b open']);
});

it('saves what is worth it and takes it up again', () => {
  const { book, clock, trip } = setUp(10);
  book.get('closed');
  trip('open');
  trip('__proto__');
  book.get('held').isolate();
  clock.advance(10_000);
  const stored: unknown = JSON.parse(JSON.stringify(book.save()));
  const after = new CircuitBook(new ManualClock(clock.wall()), { limit: 10 });
  expect(after.restore(stored)).toBe(3);
  expect(after.views().map(({ name, state, remainingMs }) => [name, state, remainingMs])).toEqual([
    ['held', 'isolated', undefined],
    ['__proto__', 'open', 50_000],
    ['open', 'open', 50_000],
  ]);
  for (const nothing of [undefined, null, 'x', 7, [], { a: 1 }]) expect(after.restore(nothing)).toBe(0);
});

it('refuses a limit that is none', () => {
  expect(() => setUp(0)).toThrow(RangeError);
});
