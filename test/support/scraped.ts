/** The samples of an exposition in Prometheus text, by their series. */
export class Scraped {
  readonly #samples = new Map<string, number>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, series, value] = /^([^#\s][^\s{]*(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      if (series !== undefined) this.#samples.set(series, Number(value));
    }
  }

  /** The series whose name is this, and whose labels hold these. */
  of(name: string, labels: Readonly<Record<string, string>> = {}): [series: string, value: number][] {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return [...this.#samples].filter(
      ([series]) => series.split('{')[0] === name && wanted.every((pair) => series.includes(pair)),
    );
  }

  /** Their sum; 0 where there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.of(name, labels).reduce((sum, [, value]) => sum + value, 0);
  }
}

/** Scrapes a node. */
export async function scrape(url: string): Promise<Scraped> {
  return new Scraped(await (await fetch(`${url}/metrics/prometheus`)).text());
}
