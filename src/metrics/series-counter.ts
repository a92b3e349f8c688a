type Labels = Readonly<Record<string, string>>;

/** One series of a counter, found once: counting costs an addition, and no look-up by labels. */
export class CounterSeries {
  value = 0;

  constructor(readonly labels: Labels) {}

  /** Counts one more, or `by` more; never less. */
  add(by = 1): void {
    this.value += by;
  }
}

/**
 * A counter whose callers keep their series, for the path of every request: those of prom-client look theirs up by its
 * labels at each count. In a registry of prom-client it stands as one of its metrics.
 */
export class SeriesCounter {
  readonly name: string;
  readonly help: string;
  readonly type = 'counter';
  readonly aggregator = 'sum';
  readonly #series: CounterSeries[] = [];

  /** @param declared its name ends in `_total` */
  constructor({ name, help }: { readonly name: string; readonly help: string }) {
    this.name = name;
    this.help = help;
  }

  /** Adds a series; its labels must be those of no other, and how many there are is up to the caller. */
  series(labels: Labels): CounterSeries {
    const series = new CounterSeries(labels);
    this.#series.push(series);
    return series;
  }

  /** The samples, in the form of prom-client. */
  get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    const values = this.#series.map(({ labels, value }) => ({ labels, value }));
    return Promise.resolve({ name, help, type, aggregator, values });
  }
}
