import { describe, expect, it } from 'vitest';
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
  for (const nothing of [undefined, null, 'x', 7, [], [1, [2]], { a: 1 }]) expect(after.restore(nothing)).toBe(0);
  expect(after.size).toBe(3);
});

describe('what is saved', () => {
  const text = (book: CircuitBook): string => JSON.stringify(book.save());

  it('is word for word the same while nothing changes, through a restart too', () => {
    const { book, clock, trip } = setUp(10);
    trip('open');
    trip('held');
    book.get('held').isolate('maintenance');
    trip('half open');
    clock.advance(60_000);
    book.get('half open').tryAcquire();
    const grown = book.get('grown');
    trip('grown');
    clock.advance(60_000);
    const probe = grown.tryAcquire();
    if (probe.admitted) probe.success();
    trip('open');
    const first = text(book);
    expect(Object.keys(book.save()).sort()).toEqual(['grown', 'half open', 'held', 'open']);
    for (let i = 0; i < 10; i++) {
      clock.advance(1_700.3);
      expect(text(book)).toBe(first);
    }
    const after = new CircuitBook(new ManualClock(clock.wall() + 5_000));
    expect(after.restore(JSON.parse(first))).toBe(4);
    expect(text(after)).toBe(first);
    trip('one more');
    expect(text(book)).not.toBe(first);
  });

  it('is said anew when the wall clock was set, so that a wait stays as long as it is', () => {
    const { book, clock, trip } = setUp(10);
    trip('a');
    const first = text(book);
    for (const step of [3_600_000, -7_200_000]) {
      clock.setWall(clock.wall() + step);
      clock.advance(10_000);
      expect(text(book)).not.toBe(first);
      const after = new CircuitBook(new ManualClock(clock.wall()));
      after.restore(JSON.parse(text(book)));
      expect(after.views()[0]!.remainingMs).toBe(book.views()[0]!.remainingMs);
    }
  });

  it('follows a reset', () => {
    const { book, trip } = setUp(10);
    trip('a');
    expect(text(book)).toContain('"a"');
    book.reset();
    expect(text(book)).toBe('{}');
  });

  it('leaves out growth that has run out and waits that nobody came back for, but not what an operator holds', () => {
    const { book, clock, trip } = setUp(10);
    trip('grown');
    trip('left');
    book.get('held').isolate();
    book.get('off').disable();
    clock.advance(60_000);
    const probe = book.get('grown').tryAcquire();
    if (probe.admitted) probe.success();
    const early = text(book);
    clock.advance(119_000);
    expect(Object.keys(book.save())).toContain('grown');
    clock.advance(1_000);
    expect(Object.keys(book.save())).not.toContain('grown');
    clock.advance(479_000);
    expect(Object.keys(book.save()).sort()).toEqual(['held', 'left', 'off']);
    clock.advance(1_000);
    expect(Object.keys(book.save()).sort()).toEqual(['held', 'off']);
    // Neither comes back from a save that is as old.
    const after = new CircuitBook(new ManualClock(clock.wall()));
    expect(after.restore(JSON.parse(early))).toBe(2);
    expect(after.size).toBe(2);
  });

  it('is taken up as far as it is wanted', () => {
    const { book, clock, trip } = setUp(10);
    for (const name of ['a', 'b']) trip(name);
    book.get('b').isolate();
    book.get('gone').isolate();
    const after = new CircuitBook(clock);
    expect(after.restore(book.save(), (name, held) => held && name !== 'gone')).toBe(1);
    expect(after.views().map(({ name, state }) => [name, state])).toEqual([['b', 'isolated']]);
  });

  it('fills a book to its limit and not beyond', () => {
    const { book, trip } = setUp(100);
    for (let i = 0; i < 100; i++) trip(`name ${i}`);
    const { book: small } = setUp(3);
    small.restore(JSON.parse(text(book)));
    expect(small.size).toBe(3);
  });
});

it('refuses a limit that is none', () => {
  expect(() => setUp(0)).toThrow(RangeError);
});
