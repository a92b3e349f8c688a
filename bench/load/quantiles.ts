import { percentile } from '../report/statistics.js';
import { type Quantiles } from './messages.js';

/** Quantiles of some times, ms. */
export function quantiles(times: readonly number[]): Quantiles {
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
