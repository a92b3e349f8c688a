import { describeDuration } from '../../kernel/duration.js';

/** What stands where nothing is known. */
export const NOTHING = '–';

/** A whole number with its thousands apart. */
export function whole(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** So many per minute: small ones with a decimal, so that little is not taken for nothing. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value < 0.1) return '< 0.1';
  return value < 10 ? String(Number(value.toFixed(1))) : whole(value);
}

/** A share rounded down, so that one failure among many never reads as 100 %. */
export function share(value: number): string {
  return `${Math.floor(value * 1000) / 10} %`;
}

/** Seconds to three digits: `350 ms`, `1.4 s`, `1 min 10 s`. */
export function seconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return value < 60 ? `${Number(value.toPrecision(2))} s` : describeDuration(value * 1000);
}

/** Bytes in the unit that leaves them readable. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  const scaled = value / 1024 ** power;
  return `${scaled < 10 && power > 0 ? Number(scaled.toFixed(1)) : whole(scaled)} ${units[power] ?? ''}`;
}

/** A span in words of at most two units, without seconds beside minutes: a text that changes every second cannot be read. */
export function span(ms: number): string {
  return describeDuration(ms < 60_000 ? Math.max(1, Math.round(ms / 1000)) * 1000 : ms - (ms % 60_000));
}
