/** Memory of the page after a collection. */
export interface PageSample {
  /** Since the first sample, minutes. */
  readonly minutes: number;
  /** MiB. */
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** Growth of a figure per minute, by least squares over the later half: the earlier fills caches. */
export function growth(samples: readonly PageSample[], figure: (sample: PageSample) => number): number {
  const late = samples.slice(Math.floor(samples.length / 2));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [late.map(({ minutes }) => minutes), late.map(figure)];
  const [middle, level] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return spread === 0 ? 0 : x.reduce((sum, value, n) => sum + (value - middle) * ((y[n] ?? level) - level), 0) / spread;
}
