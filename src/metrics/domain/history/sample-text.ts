import { type Buckets, type GaugeSpan, type Sample } from './sample.js';

/** Most characters of a sample that is read back; one of this version takes about 600. */
const LONGEST = 16_384;

/** Significant digits of what is no whole number: more than any plot shows. */
const DIGITS = 6;

/** A sample as short JSON text: gauges of one reading as a number, others as `[mean, max, readings]`. */
export function writeSample({ seconds, counts, gauges, buckets }: Sample): string {
  const g = Object.fromEntries(
    Object.entries(gauges).map(([track, { mean, max, readings }]) => [
      track,
      readings === 1 ? rounded(mean) : [rounded(mean), rounded(max), readings],
    ]),
  );
  return JSON.stringify({ s: rounded(seconds), c: counts, g, b: buckets });
}

/** Reads such a text; undefined when it is damaged. Of what it cannot make sense of nothing is taken. */
export function readSample(text: string): Sample | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const { s, c, g, b } = objectOf(JSON.parse(text));
    if (!isAmount(s)) return undefined;
    return { seconds: s, counts: taken(c, amountOf), gauges: taken(g, gaugeOf), buckets: taken(b, bucketsOf) };
  } catch {
    return undefined;
  }
}

function taken<V>(value: unknown, read: (value: unknown) => V | undefined): Record<string, V> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).flatMap(([name, one]) => {
      const known = read(one);
      return known === undefined ? [] : [[name, known] as const];
    }),
  );
}

function amountOf(value: unknown): number | undefined {
  return isAmount(value) ? value : undefined;
}

function gaugeOf(value: unknown): GaugeSpan | undefined {
  if (isNumber(value)) return { mean: value, max: value, readings: 1 };
  if (!Array.isArray(value)) return undefined;
  const [mean, max, readings] = value as unknown[];
  return isNumber(mean) && isNumber(max) && isAmount(readings) && readings >= 1 ? { mean, max, readings } : undefined;
}

function bucketsOf(value: unknown): Buckets | undefined {
  return typeof value === 'object' ? taken(value, amountOf) : undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isAmount(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
