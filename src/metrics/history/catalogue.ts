import { type Metric, type MetricValue } from 'prom-client';
import { type Buckets, type Readings } from '../domain/history/sample.js';
import { type Series, type Track } from '../domain/history/series.js';

/** Series of the history, and the tracks they are told from. */
export interface Plot {
  readonly tracks?: readonly Track[];
  readonly series: readonly Series[];
}

type Values = readonly (MetricValue<string> & { readonly metricName?: string })[];

/** The closed list of what the history keeps: declared by the owners of the metrics, once, when they are made. */
export class Catalogue {
  readonly #tracks = new Map<string, Track>();
  readonly #series = new Map<string, Series>();
  readonly #bounds = new Map<string, readonly number[]>();

  /** @param metricOf the metric of a name */
  constructor(private readonly metricOf: (name: string) => Metric | undefined) {}

  /** Adds to the list. Throws on a second series or track of one name. */
  add({ tracks = [], series }: Plot): void {
    for (const track of tracks) put(this.#tracks, track);
    for (const one of series) put(this.#series, one);
  }

  /** Every series by name, sorted by name. */
  get series(): ReadonlyMap<string, Series> {
    return new Map([...this.#series].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Upper bounds of the buckets of a histogram, by track; none before its first reading. */
  boundsOf(track: string): readonly number[] {
    return this.#bounds.get(track) ?? [];
  }

  /** What all tracks stand at now; one that cannot be read is left out. Reads no other metrics. */
  async readings(): Promise<Readings> {
    const counts: Record<string, number> = {};
    const gauges: Record<string, number> = {};
    const buckets: Record<string, Buckets> = {};
    for (const track of this.#tracks.values()) {
      const values = await this.#valuesOf(track).catch(() => undefined);
      if (values === undefined) continue;
      if (track.kind === 'buckets') buckets[track.name] = this.#bucketsOf(track.name, values);
      else if (values.length > 0 || track.kind === 'count' || track.otherwise !== undefined) {
        const sum = values.reduce((all, { value }) => all + value, 0);
        const into = track.kind === 'count' ? counts : gauges;
        into[track.name] = values.length === 0 ? (track.otherwise ?? 0) : sum;
      }
    }
    return { counts, gauges, buckets };
  }

  /** Values of the label sets that are meant; undefined for a metric that is not there. */
  async #valuesOf({ from, where }: Track): Promise<Values | undefined> {
    if (typeof from === 'function') {
      const value = from();
      return value === undefined ? undefined : [{ labels: {}, value }];
    }
    const metric = this.metricOf(from);
    if (metric === undefined) return undefined;
    const { values } = await metric.get();
    return where === undefined ? values : values.filter(({ labels }) => where(labels as Record<string, string>));
  }

  /** The exposition counts each bucket with all below it; what is kept are buckets that do not overlap. */
  #bucketsOf(track: string, values: Values): Buckets {
    const sums = new Map<number, number>();
    for (const { labels, value, metricName = '' } of values) {
      const { le } = labels;
      if (!metricName.endsWith('_bucket') || le === undefined) continue;
      const bound = le === '+Inf' ? Infinity : Number(le);
      sums.set(bound, (sums.get(bound) ?? 0) + value);
    }
    const bounds = [...sums.keys()].sort((a, b) => a - b);
    this.#bounds.set(
      track,
      bounds.filter((bound) => bound !== Infinity),
    );
    let below = 0;
    const buckets: Record<string, number> = {};
    for (const bound of bounds) {
      const all = sums.get(bound) ?? 0;
      buckets[bound === Infinity ? '+Inf' : String(bound)] = all - below;
      below = all;
    }
    return buckets;
  }
}

function put<V extends { readonly name: string }>(into: Map<string, V>, one: V): void {
  if (into.has(one.name)) throw new Error(`the history has two of the name ${one.name}`);
  into.set(one.name, one);
}
