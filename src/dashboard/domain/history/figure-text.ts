/** What the values of a plot are. */
export type PlotUnit = 'per minute' | 'share' | 'seconds' | 'count' | 'bytes';

const BYTES: readonly [number, string][] = [
  [1024 ** 3, 'GiB'],
  [1024 ** 2, 'MiB'],
  [1024, 'KiB'],
];

/** Writes a value as people read it: `99.2 %`, `350 ms`, `1.4 s`, `212 MiB`, `3.5`. */
export function figureText(value: number, unit: PlotUnit): string {
  switch (unit) {
    case 'share':
      return `${shareDigits(value * 100)} %`;
    case 'seconds':
      return value < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'bytes': {
      const [size, name] = BYTES.find(([one]) => Math.abs(value) >= one) ?? [1, 'B'];
      return `${digits(value / size)} ${name}`;
    }
    case 'per minute':
      return `${digits(value)}/min`;
    case 'count':
      return digits(value);
  }
}

/** Rounded down, so that one failure among many never reads as 100 %. */
function shareDigits(percent: number): string {
  return digits(Math.floor(percent * 10 + 1e-9) / 10);
}

/** Three digits tell plots apart; what is smaller or larger keeps its order of magnitude. */
function digits(value: number): string {
  const size = Math.abs(value);
  const places = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: places });
}
