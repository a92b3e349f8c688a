import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { AlertBook, type Tidings } from './alert-book.js';
import { type AlertFacts, type AlertRule } from './alert-rules.js';

const RULE: AlertRule = {
  name: 'Test',
  severity: 'warning',
  forMs: 5000,
  keepMs: 10_000,
  description: 'A test.',
  read: ({ summary }) => (summary === '' ? undefined : summary),
};

/** A book with a clock, of which each look is a second after the one before. */
class Desk {
  readonly clock = new ManualClock();
  readonly book = new AlertBook([RULE]);
  silent = false;

  look(summary: string, times = 1): Tidings {
    let tidings: Tidings = { firing: [], resolved: [] };
    for (let n = 0; n < times; n++) {
      const facts: AlertFacts = {
        state: '',
        summary,
        conditions: new Map(),
        forecasts: [],
        autoHeals: 0,
        burn: undefined,
        exit: undefined,
      };
      const told = this.book.update(facts, this.moment, () => this.silent);
      tidings = { firing: [...tidings.firing, ...told.firing], resolved: [...tidings.resolved, ...told.resolved] };
      this.clock.advance(1000);
    }
    return tidings;
  }

  get moment(): { now: number; wall: number } {
    return { now: this.clock.now(), wall: this.clock.wall() };
  }

  get states(): string[] {
    return this.book.all(this.clock.wall()).map(({ state }) => state);
  }
}

describe('an alert', () => {
  it('is pending, fires once, and is resolved once its fact has been gone for long enough', () => {
    const desk = new Desk();
    expect(desk.look('bad', 5)).toEqual({ firing: [], resolved: [] });
    expect(desk.states).toEqual(['pending']);
    expect(desk.look('worse', 20).firing).toMatchObject([{ name: 'Test', state: 'firing', summary: 'worse' }]);
    expect(desk.look('', 10)).toEqual({ firing: [], resolved: [] });
    expect(desk.look('', 1).resolved).toMatchObject([{ state: 'resolved' }]);
    expect(desk.states).toEqual(['resolved']);
    desk.clock.advance(3_600_000);
    expect(desk.states).toEqual([]);
  });

  it('that has not fired ends without a word', () => {
    const desk = new Desk();
    desk.look('bad', 4);
    expect(desk.look('', 30)).toEqual({ firing: [], resolved: [] });
    expect(desk.states).toEqual([]);
  });

  it('is told again after four hours', () => {
    const desk = new Desk();
    desk.look('bad', 6);
    desk.clock.advance(4 * 3_600_000);
    expect(desk.look('bad').firing).toHaveLength(1);
  });

  it('that is silenced is told when the silence ends, and not resolved to who never heard of it', () => {
    const desk = new Desk();
    desk.silent = true;
    expect(desk.look('bad', 10).firing).toEqual([]);
    expect(desk.states).toEqual(['firing']);
    expect(desk.look('', 20).resolved).toEqual([]);
    desk.look('bad', 10);
    desk.silent = false;
    expect(desk.look('bad').firing).toHaveLength(1);
  });

  it('that was told, and silenced then, is told again when the silence ends, and goes on meanwhile', () => {
    const desk = new Desk();
    desk.look('bad', 10);
    desk.silent = true;
    expect(desk.look('bad', 10).firing).toEqual([]);
    expect(desk.book.told()).toHaveLength(1);
    desk.silent = false;
    expect(desk.look('bad', 10).firing).toHaveLength(1);
  });

  it('that stands in the next life too is not told again, and one that does not is resolved', () => {
    const before = new Desk();
    before.look('bad', 10);
    const stands = new Desk();
    stands.book.restore(before.book.save(), stands.moment);
    expect(stands.look('bad', 100)).toEqual({ firing: [], resolved: [] });
    const gone = new Desk();
    gone.book.restore(before.book.save(), gone.moment);
    expect(gone.look('', 12).resolved).toHaveLength(1);
  });

  it('is told again after four hours, however often the node was started in between', () => {
    let desk = new Desk();
    desk.look('bad', 6);
    const told: number[] = [];
    for (let hour = 1; hour <= 8; hour++) {
      const next = new Desk();
      next.clock.advance(desk.clock.wall() - next.clock.wall() + 3_600_000);
      next.book.restore(desk.book.save(), next.moment);
      if (next.look('bad').firing.length > 0) told.push(hour);
      desk = next;
    }
    expect(told).toEqual([4, 8]);
  });

  it('never fires twice without an end between, and always ends, whatever its fact does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30 })), { maxLength: 30 }), (spans) => {
        const desk = new Desk();
        const told: string[] = [];
        for (const [bad, seconds] of spans)
          for (let n = 0; n < seconds; n++) {
            const { firing, resolved } = desk.look(bad ? 'bad' : '');
            told.push(...firing.map(() => 'firing'), ...resolved.map(() => 'resolved'));
          }
        told.push(...desk.look('', 12).resolved.map(() => 'resolved'));
        told.forEach((word, place) => {
          expect(word).toBe(place % 2 === 0 ? 'firing' : 'resolved');
        });
        expect(told.length % 2).toBe(0);
        expect(desk.states.filter((state) => state !== 'resolved')).toEqual([]);
        expect(desk.states.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});
