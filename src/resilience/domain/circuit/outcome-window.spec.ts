import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CountWindow, FAILED, SLOW, SpanWindow } from './outcome-window.js';

interface Outcome {
  readonly bits: number;
  readonly at: number;
}

const steps = fc.array(fc.tuple(fc.nat(3), fc.oneof(fc.nat(300), fc.nat(20_000))), { maxLength: 200 });

function summary(outcomes: readonly Outcome[]) {
  const having = (bit: number): number => outcomes.filter(({ bits }) => (bits & bit) !== 0).length;
  return { calls: outcomes.length, failures: having(FAILED), slow: having(SLOW) };
}

it('counts the last calls as a list of them would', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), steps, (size, given) => {
      const window = new CountWindow(size);
      const all: Outcome[] = [];
      for (const [bits] of given) {
        window.record(bits);
        all.push({ bits, at: 0 });
        expect(window).toMatchObject(summary(all.slice(-size)));
      }
    }),
  );
});

it('counts the calls of a span as a list of them would, slot by slot', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.boolean(), steps, (slots, negative, given) => {
      const window = new SpanWindow(slots * 1000, slots);
      const all: Outcome[] = [];
      let now = negative ? -50_000 : 0;
      for (const [bits, wait] of given) {
        now += wait;
        window.record(bits, now);
        all.push({ bits, at: now });
        const oldest = (Math.floor(now / 1000) - slots + 1) * 1000;
        expect(window).toMatchObject(summary(all.filter(({ at }) => at >= oldest)));
      }
      window.expire(now + slots * 1000);
      expect(window).toMatchObject({ calls: 0, failures: 0, slow: 0 });
    }),
  );
});

it('forgets everything when cleared', () => {
  for (const window of [new CountWindow(3), new SpanWindow(3000, 3)]) {
    for (let i = 0; i < 5; i++) window.record(FAILED | SLOW, i * 1000);
    window.clear();
    expect(window).toMatchObject({ calls: 0, failures: 0, slow: 0 });
    window.record(FAILED, 5000);
    expect(window).toMatchObject({ calls: 1, failures: 1, slow: 0 });
  }
});
