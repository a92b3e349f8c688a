import { type Child, el } from './element.js';

/** Writes a point in time, ms, for the reader: the node in UTC, a browser in its own zone. */
export type ReaderClock = (ms: number) => string;

/** A point in time as the reader's clock shows it, with UTC on hover. */
export function moment(iso: string, clock: ReaderClock): Child {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? 'unknown' : el('time', { datetime: iso, title: iso }, clock(ms));
}
