import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { FaultBook, type FaultTarget } from './fault-book.js';
import { type Fault, type FaultRule } from './fault-plan.js';
import { presetPlan } from './fault-preset.js';
import { matchesGlob } from './glob.js';

const STREAM: FaultTarget = {
  model: 'gemini-2.5-flash',
  key: 'abc',
  keyHash: '12345678',
  surface: 'native',
  method: 'streamGenerateContent',
};

function rule(fault: Fault, more: Partial<FaultRule> = {}): FaultRule {
  return { id: fault.kind, surface: 'any', fromMs: 0, skip: 0, probability: 1, fault, ...more };
}

function book(faults: readonly FaultRule[], clock = new ManualClock(), seed = 1): FaultBook {
  const made = new FaultBook(clock);
  made.set({ seed, faults });
  return made;
}

const STALL: Fault = { kind: 'stall', afterEvents: 1 };
const CUT: Fault = { kind: 'cut', afterEvents: 1, cleanEnd: false };

describe('FaultBook', () => {
  it('takes the first hit of each phase', () => {
    const faults = [
      rule(STALL, { model: 'gemini-3*' }),
      rule(CUT),
      rule(STALL),
      rule({ kind: 'latency', ms: 5, jitterMs: 0 }),
    ];
    expect(book(faults).match(STREAM).kinds).toEqual(['cut', 'latency']);
  });

  it('aims by model, key or its hash, surface and method', () => {
    const hits = (more: Partial<FaultRule>): boolean => book([rule(CUT, more)]).match(STREAM).stream !== undefined;
    expect(
      [
        { model: '*flash' },
        { key: 'a?c' },
        { key: '1234*' },
        { surface: 'native' as const },
        { methods: ['x', 'stream*'] },
      ].map(hits),
    ).toEqual([true, true, true, true, true]);
    expect(
      [{ model: 'flash' }, { key: 'abcd' }, { surface: 'openai' as const }, { methods: ['generate*'] }].map(hits),
    ).toEqual([false, false, false, false]);
  });

  it('opens and closes windows by the clock', () => {
    const clock = new ManualClock();
    const faults = book([rule(CUT, { fromMs: 1_000, forMs: 2_000 })], clock);
    const hit = (): boolean => faults.match(STREAM).stream !== undefined;
    expect([hit(), faults.states()[0]]).toMatchObject([
      false,
      { state: 'waiting', startsInMs: 1_000, endsInMs: 3_000 },
    ]);
    clock.advance(1_000);
    expect([hit(), faults.states()[0]]).toMatchObject([true, { state: 'active', matched: 1, applied: 1 }]);
    clock.advance(2_000);
    expect([hit(), faults.states()[0]]).toMatchObject([false, { state: 'expired', endsInMs: 0 }]);
  });

  it('lets the first pass, and is used up after so many hits', () => {
    const faults = book([rule(CUT, { skip: 2, times: 3 })]);
    const hits = Array.from({ length: 7 }, () => faults.match(STREAM).stream !== undefined);
    expect(hits).toEqual([false, false, true, true, true, false, false]);
    expect(faults.states()[0]?.state).toBe('used_up');
  });

  it('draws by its seed, the same each time', () => {
    const draw = (seed: number): string => {
      const faults = book([rule(CUT, { probability: 0.3 })], new ManualClock(), seed);
      return Array.from({ length: 1_000 }, () => (faults.match(STREAM).stream === undefined ? '0' : '1')).join('');
    };
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
    const share = draw(1).replaceAll('0', '').length / 1_000;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it('ends presets by themselves and leaves listings alone', () => {
    const clock = new ManualClock();
    const faults = new FaultBook(clock);
    faults.set(presetPlan('outage', 10_000));
    expect(faults.match({ ...STREAM, method: 'listModels' }).kinds).toEqual([]);
    expect(faults.match(STREAM)).toMatchObject({ outcome: { status: 'UNAVAILABLE' }, windowLeftMs: 10_000 });
    clock.advance(10_000);
    expect(faults.match(STREAM).kinds).toEqual([]);
  });
});

describe('matchesGlob', () => {
  it('knows stars and question marks, and stays fast on hostile patterns', () => {
    expect(matchesGlob('*', '')).toBe(true);
    expect(matchesGlob('a*b*c', 'aXbYbZc')).toBe(true);
    expect(matchesGlob('a?c', 'ac')).toBe(false);
    expect(matchesGlob('*.pro', 'gemini-2')).toBe(false);
    expect(matchesGlob(`${'a*'.repeat(100)}b`, 'a'.repeat(10_000))).toBe(false);
  });
});
