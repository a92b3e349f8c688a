import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock.js';
import { HOURS } from './hour-book.js';
import { RecordBook } from './record-book.js';

const HOUR = 3_600_000;
const WALL = Date.parse('2026-01-01T12:30:00Z');

function set(most?: number): { clock: ManualClock; book: RecordBook } {
  const clock = new ManualClock(WALL);
  return { clock, book: new RecordBook(clock, most) };
}

describe('the record of a target', () => {
  it('tells when it last answered, how fast, and how often it is called', () => {
    const { clock, book } = set();
    for (let n = 1; n <= 20; n++) {
      book.get('a').spoke(n * 100);
      book.get('a').ended('answered');
    }
    clock.advance(30_000);
    book.get('a').ended('failure');
    const view = book.view('a');
    expect(view.lastSuccessAt).toBe(WALL);
    expect(view.p95Ms).toBeGreaterThan(1800);
    expect(view.p95Ms).toBeLessThan(2100);
    expect(view.callsPerMinute).toBe(21);
    clock.advance(40_000);
    expect(book.view('a').callsPerMinute).toBe(1);
  });

  it('says nothing of speed once the answers are long ago', () => {
    const { clock, book } = set();
    book.get('a').spoke(100);
    expect(book.view('a').p95Ms).toBeGreaterThan(90);
    clock.advance(HOUR);
    expect(book.view('a').p95Ms).toBeUndefined();
  });

  it('has the hours of a day, and knows nothing of those before the start', () => {
    const { clock, book } = set();
    book.get('a').ended('failure');
    book.get('a').ended('refusal');
    clock.advance(HOUR);
    book.get('a').ended('answered');
    const { hours } = book.view('a');
    expect(hours).toHaveLength(HOURS);
    expect(hours.slice(0, HOURS - 2).every((hour) => hour === undefined)).toBe(true);
    expect(hours.slice(-2)).toEqual([
      { at: Date.parse('2026-01-01T12:00:00Z'), calls: 2, failures: 1, refusals: 1, outMs: 0 },
      { at: Date.parse('2026-01-01T13:00:00Z'), calls: 1, failures: 0, refusals: 0, outMs: 0 },
    ]);
    clock.advance(HOURS * HOUR);
    expect(book.view('a').hours.every((hour) => hour?.calls === 0)).toBe(true);
  });

  it('shares the time out of use among the hours it fell into', () => {
    const { clock, book } = set();
    book.get('a').setOut(true);
    clock.advance(45 * 60_000);
    expect(
      book
        .view('a')
        .hours.slice(-2)
        .map((hour) => hour?.outMs),
    ).toEqual([30 * 60_000, 15 * 60_000]);
    book.get('a').setOut(false);
    clock.advance(10 * 60_000);
    expect(book.view('a').hours.at(-1)?.outMs).toBe(15 * 60_000);
    book.get('a').setOut(true);
    clock.advance(3 * HOURS * HOUR);
    const after = book.view('a').hours.map((hour) => hour?.outMs);
    expect(after.slice(0, -1).every((ms) => ms === HOUR)).toBe(true);
  });

  it('keeps its hours where they were when the wall clock is set back', () => {
    const { clock, book } = set();
    book.get('a').ended('failure');
    clock.setWall(WALL - 5 * HOUR);
    clock.advance(60_000);
    book.get('a').ended('failure');
    expect(book.view('a').hours.at(-1)?.failures).toBe(2);
  });
});

it('keeps so many records and no more, and lets go of the one heard of longest ago', () => {
  const { book } = set(2);
  for (const name of ['a', 'b']) book.get(name).ended('answered');
  book.get('a').ended('answered');
  book.get('c').ended('answered');
  expect(book.size).toBe(2);
  expect(book.view('b').lastSuccessAt).toBeUndefined();
  expect(book.view('a').callsPerMinute).toBe(2);
});

describe('records that outlive a restart', () => {
  function nextLife(stored: unknown, afterMs: number, wanted = (): boolean => true): RecordBook {
    const book = new RecordBook(new ManualClock(WALL + afterMs));
    book.restore(JSON.parse(JSON.stringify(stored ?? null)), wanted);
    return book;
  }

  it('have the hours before, and know nothing of those in which the node did not run', () => {
    const { clock, book } = set();
    book.get('a').ended('answered');
    book.get('a').ended('failure');
    book.get('a').setOut(true);
    clock.advance(10 * 60_000);
    const later = nextLife(book.save(), 2 * HOUR);
    later.get('a').ended('answered');
    const [, , before, between, now] = later.view('a').hours.slice(-5);
    expect(before).toMatchObject({ calls: 2, failures: 1, outMs: 10 * 60_000 });
    expect(between).toBeUndefined();
    expect(now).toMatchObject({ calls: 1, failures: 0 });
    expect(later.view('b').hours.at(-3)).toMatchObject({ calls: 0 });
    expect(nextLife(book.save(), 0).view('a').lastSuccessAt).toBe(WALL);
    expect(
      nextLife(book.save(), 30 * HOUR)
        .view('a')
        .hours.every((hour) => hour === undefined || hour.calls === 0),
    ).toBe(true);
  });

  it('are stored once a minute, however much happens', () => {
    const { clock, book } = set();
    book.get('a').ended('answered');
    const first = book.save();
    book.get('a').ended('answered');
    expect(book.save()).toBe(first);
    expect(book.save(true).records['a']?.hours[0]?.[1]).toBe(2);
    book.get('a').ended('answered');
    clock.advance(60_000);
    expect(book.save()).not.toEqual(first);
  });

  it('are those heard of last, and of those only what is wanted', () => {
    const { book } = set();
    for (let n = 0; n < 40; n++) book.get(`t${n}`).ended('answered');
    expect(Object.keys(book.save().records)).toHaveLength(30);
    expect(nextLife(book.save(), 0, () => false).size).toBe(0);
    expect(nextLife(book.save(), 0).size).toBe(30);
  });

  it('take nothing of what makes no sense', () => {
    for (const stored of [undefined, 1, [], { records: { a: 1, b: { last: 'x' } }, run: 'x' }])
      expect(nextLife(stored, 0).size).toBe(0);
    const odd = { run: [-1, 'x'], records: { a: { last: null, hours: [[1, 2], 'x', [1, 2, 3, 4, -5]] } } };
    expect(
      nextLife(odd, 0)
        .view('a')
        .hours.slice(0, -1)
        .every((hour) => hour === undefined),
    ).toBe(true);
  });
});
