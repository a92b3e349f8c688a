import { describeDuration } from '../../../kernel/duration.js';

/** How it stands with the stream of events: not had yet, followed, not to be had, or not given to who reads the page. */
export type StreamState = 'none' | 'live' | 'blocked' | 'refused';

/** Figures older than this say how old they are, ms. */
export const FRESH_MS = 10_000;

/** What the mark of contact depends on. */
export interface ContactState {
  /** Whether the last look got no answer. */
  readonly lost: boolean;
  /** Whether anything has been heard yet. */
  readonly heard: boolean;
  /** Since the last answer, ms. */
  readonly ageMs: number;
  readonly stream: StreamState;
  /** Time between two looks, ms. */
  readonly everyMs: number;
}

/** How the page is in contact with the node, in few words. */
export function liveness({ lost, heard, ageMs, stream, everyMs }: ContactState): string {
  if (lost) return '○ disconnected';
  if (!heard) return '○ connecting';
  if (ageMs > everyMs + FRESH_MS) return `○ waiting, heard ${seconds(ageMs)} ago`;
  if (stream === 'live') return `● live, ${seconds(ageMs)} ago`;
  const polling = `◐ polling every ${describeDuration(everyMs)}`;
  return `${polling}, ${stream === 'blocked' ? 'events are blocked; ' : ''}${seconds(ageMs)} ago`;
}

/** A short span, for texts that count. */
export function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}

/** Least and most time between two looks, s. */
const RANGE = { least: 1, most: 3600 } as const;
/** Time between two looks, s, where the address does not say. */
const USUAL = 5;

/** Time between two looks, ms, as the address of the page asks for: `?refresh=60` is once a minute; 1 to 3600 s. */
export function refreshOf(search: string): number {
  const asked = Number(/[?&]refresh=(\d{1,5})(?:&|$)/.exec(search)?.[1] ?? USUAL);
  return Math.min(RANGE.most, Math.max(RANGE.least, asked)) * 1000;
}
