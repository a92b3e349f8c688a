import { type Exemplar } from './exemplar.js';

/** What a histogram tells of itself: bounds of its buckets in ascending order, each a bucket of what is at most so much. */
interface Declared {
  readonly name: string;
  readonly help: string;
  readonly buckets: readonly number[];
}

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Labels of the whole series. */
  readonly sharedLabels: Labels;
  readonly value: number;
  readonly exemplar?: ShownExemplar;
}

/** An exemplar in the form of prom-client, which shows it in OpenMetrics; its time in epoch seconds. */
interface ShownExemplar {
  readonly labelSet: { readonly trace_id: string };
  readonly value: number;
  readonly timestamp: number;
}

/** One series, found once: observing costs a search among the buckets, and no look-up by labels. */
export class HistogramSeries {
  readonly counts: number[];
  sum = 0;
  count = 0;
  /** The last one of each bucket, that of what is beyond all bounds at the end. */
  readonly exemplars: ShownExemplar[] = [];

  constructor(
    readonly labels: Labels,
    private readonly bounds: readonly number[],
  ) {
    this.counts = bounds.map(() => 0);
  }

  /** Takes in a value, and whose it was. */
  observe(value: number, exemplar?: Exemplar): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    if (bucket < bounds.length) counts[bucket] = (counts[bucket] as number) + 1;
    this.sum += value;
    this.count++;
    if (exemplar === undefined) return;
    const { traceId, at } = exemplar;
    this.exemplars[bucket] = { labelSet: { trace_id: traceId }, value, timestamp: at / 1000 };
  }
}

/**
 * A histogram whose callers keep their series, for the path of every request: those of prom-client look theirs up by its
 * labels at each value, which takes most of the time. In a registry of prom-client it stands as one of its metrics.
 */
export class SeriesHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #bounds: readonly number[];
  readonly #series: HistogramSeries[] = [];

  constructor({ name, help, buckets }: Declared) {
    this.name = name;
    this.help = help;
    this.#bounds = buckets;
  }

  /** Adds a series; its labels must be those of no other, and how many there are is up to the caller. */
  series(labels: Labels): HistogramSeries {
    const series = new HistogramSeries(labels, this.#bounds);
    this.#series.push(series);
    return series;
  }

  /** The samples, in the form of prom-client. */
  async get(): Promise<object> {
    const { values, ...facts } = await this.getForPromString();
    return {
      ...facts,
      values: values.map(({ sharedLabels, labels, ...one }) => ({ ...one, labels: { ...labels, ...sharedLabels } })),
    };
  }

  /** The same for an exposition, where the labels of a series are written once for all its samples. */
  getForPromString(): Promise<{ name: string; help: string; type: string; aggregator: string; values: Sample[] }> {
    const { name, help, type, aggregator } = this;
    return Promise.resolve({ name, help, type, aggregator, values: this.#series.flatMap((one) => this.#samples(one)) });
  }

  #samples({ labels: sharedLabels, counts, sum, count, exemplars }: HistogramSeries): Sample[] {
    const { name } = this;
    const metricName = `${name}_bucket`;
    const shown = (index: number): Pick<Sample, 'exemplar'> => {
      const exemplar = exemplars[index];
      return exemplar === undefined ? {} : { exemplar };
    };
    let below = 0;
    const buckets: Sample[] = this.#bounds.map((le, index) => {
      below += counts[index] as number;
      return { metricName, labels: { le }, sharedLabels, value: below, ...shown(index) };
    });
    return [
      ...buckets,
      { metricName, labels: { le: '+Inf' }, sharedLabels, value: count, ...shown(this.#bounds.length) },
      { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sum },
      { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
