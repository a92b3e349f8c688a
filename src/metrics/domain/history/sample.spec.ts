import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_SAMPLE, mergeSamples, type Readings, type Sample, sampleBetween } from './sample.js';
import { readSample, writeSample } from './sample-text.js';

const NOTHING: Readings = { counts: {}, gauges: {}, buckets: {} };

const name = fc.constantFrom('a', 'b', 'c');
const amount = fc.nat(1000);
const sample: fc.Arbitrary<Sample> = fc.record({
  seconds: amount,
  counts: fc.dictionary(name, amount),
  gauges: fc.dictionary(
    name,
    fc.integer({ min: -1000, max: 1000 }).map((value) => ({ mean: value, max: value, readings: 1 })),
  ),
  buckets: fc.dictionary(name, fc.dictionary(fc.constantFrom('0.1', '1', '+Inf'), amount)),
});

describe('a sample', () => {
  it('is how far counters went, what gauges stood at, and what came to histograms', () => {
    const before = { counts: { calls: 5 }, gauges: { queue: 9 }, buckets: { time: { '1': 3, '+Inf': 1 } } };
    const after = { counts: { calls: 7, heals: 1 }, gauges: { queue: 2 }, buckets: { time: { '1': 3, '+Inf': 4 } } };
    expect(sampleBetween(before, after, 10)).toEqual({
      seconds: 10,
      counts: { calls: 2, heals: 1 },
      gauges: { queue: { mean: 2, max: 2, readings: 1 } },
      buckets: { time: { '+Inf': 3 } },
    });
  });

  it('takes a counter that fell for one that began anew', () => {
    expect(
      sampleBetween({ ...NOTHING, counts: { calls: 100 } }, { ...NOTHING, counts: { calls: 3 } }, 1).counts,
    ).toEqual({ calls: 3 });
  });

  it('is the same however many of them are merged, and in whatever order', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 12 }), fc.nat(12), (samples, at) => {
        const whole = samples.reduce((a, b) => mergeSamples(a, b), EMPTY_SAMPLE);
        const parts = [samples.slice(0, at), samples.slice(at)].map((part) =>
          part.reduce((a, b) => mergeSamples(b, a), EMPTY_SAMPLE),
        );
        const joined = mergeSamples(parts[1]!, parts[0]!);
        expect(joined.counts).toEqual(whole.counts);
        expect(joined.buckets).toEqual(whole.buckets);
        expect(joined.seconds).toBe(whole.seconds);
        for (const [track, gauge] of Object.entries(whole.gauges)) {
          const values = samples.flatMap(({ gauges }) => (gauges[track] === undefined ? [] : [gauges[track].mean]));
          expect(gauge).toMatchObject({ max: Math.max(...values), readings: values.length });
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          expect(gauge.mean).toBeCloseTo(mean, 6);
          expect(joined.gauges[track]?.mean).toBeCloseTo(mean, 6);
        }
      }),
    );
  });

  it('keeps only the tracks that are wanted', () => {
    const both = mergeSamples(EMPTY_SAMPLE, { ...EMPTY_SAMPLE, seconds: 1, counts: { a: 1, b: 2 } }, new Set(['b']));
    expect(both).toMatchObject({ seconds: 1, counts: { b: 2 } });
    expect(both.counts).not.toHaveProperty('a');
  });

  it('is the same after it was written down, to six digits', () => {
    fc.assert(
      fc.property(sample, (one) => {
        expect(readSample(writeSample(one))).toEqual(one);
      }),
    );
    const long = { ...EMPTY_SAMPLE, gauges: { a: { mean: 1 / 3, max: 2 / 3, readings: 3 } } };
    expect(writeSample(long)).toBe('{"s":0,"c":{},"g":{"a":[0.333333,0.666667,3]},"b":{}}');
  });

  it.each(['', '7', 'null', '{"s":-1}', '{"c":{}}', '{', `{"s":1,"c":{${'"a":1,'.repeat(4000)}"b":1}}`])(
    'is none where the text is damaged: %.20s',
    (text) => {
      expect(readSample(text)).toBeUndefined();
    },
  );

  it('leaves out what it cannot make sense of', () => {
    const text =
      '{"s":1,"c":{"a":"1","b":2,"d":-1},"g":{"a":[1,2],"b":[1,2,3],"c":null},"b":{"a":7,"b":{"1":1,"2":"x"}}}';
    expect(readSample(text)).toEqual({
      seconds: 1,
      counts: { b: 2 },
      gauges: { b: { mean: 1, max: 2, readings: 3 } },
      buckets: { b: { '1': 1 } },
    });
  });
});
