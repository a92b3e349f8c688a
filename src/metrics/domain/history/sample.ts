/** A gauge over a while: its mean and its highest reading, and of how many readings. */
export interface GaugeSpan {
  readonly mean: number;
  readonly max: number;
  readonly readings: number;
}

/** Observations of a histogram by the upper bound of their bucket, as written in the exposition; buckets do not overlap. */
export type Buckets = Readonly<Record<string, number>>;

/** What happened in a while of a node's life. Two of them merge into one without loss, in any order. */
export interface Sample {
  /** How much of the node's life it covers, seconds of the monotonic clock. */
  readonly seconds: number;
  /** By how much counters grew, by track. */
  readonly counts: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, GaugeSpan>>;
  /** What came to histograms, by track. */
  readonly buckets: Readonly<Record<string, Buckets>>;
}

/** What the metrics stand at, by track; counters and buckets since the start of the process. */
export interface Readings {
  readonly counts: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
  readonly buckets: Readonly<Record<string, Buckets>>;
}

/** A sample of nothing. */
export const EMPTY_SAMPLE: Sample = { seconds: 0, counts: {}, gauges: {}, buckets: {} };

/** What happened between two readings. A counter that fell began anew; a track that was not there before began at zero. */
export function sampleBetween(before: Readings, after: Readings, seconds: number): Sample {
  return {
    seconds,
    counts: grown(before.counts, after.counts),
    gauges: mapped(after.gauges, (value) => ({ mean: value, max: value, readings: 1 })),
    buckets: mapped(after.buckets, (counts, track) => withoutZeros(grown(before.buckets[track] ?? {}, counts))),
  };
}

/** Two samples as one; of the tracks in `only`, where that is given. */
export function mergeSamples(a: Sample, b: Sample, only?: ReadonlySet<string>): Sample {
  return {
    seconds: a.seconds + b.seconds,
    counts: merged(a.counts, b.counts, (x, y) => x + y, only),
    gauges: merged(a.gauges, b.gauges, mergedGauge, only),
    buckets: merged(a.buckets, b.buckets, (x, y) => merged(x, y, (n, m) => n + m), only),
  };
}

function mergedGauge(a: GaugeSpan, b: GaugeSpan): GaugeSpan {
  const readings = a.readings + b.readings;
  return {
    mean: (a.mean * a.readings + b.mean * b.readings) / readings,
    max: Math.max(a.max, b.max),
    readings,
  };
}

function grown(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  return mapped(after, (value, name) => {
    const was = before[name] ?? 0;
    return value < was ? value : value - was;
  });
}

function withoutZeros(counts: Record<string, number>): Buckets {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function mapped<A, B>(values: Readonly<Record<string, A>>, change: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

function merged<V>(
  a: Readonly<Record<string, V>>,
  b: Readonly<Record<string, V>>,
  join: (x: V, y: V) => V,
  only?: ReadonlySet<string>,
): Record<string, V> {
  const all: Record<string, V> = { ...a };
  for (const name of Object.keys(b)) {
    if (only !== undefined && !only.has(name)) continue;
    const [x, y] = [all[name], b[name] as V];
    all[name] = x === undefined ? y : join(x, y);
  }
  return all;
}
