import { record } from '../json.js';
import { type StreamState } from './liveness.js';
import { type ServerEvent } from './sse-reader.js';

/** What the tabs of one browser tell each other: one of them follows the events for all. */
export type TabMessage =
  /** Who follows the events? */
  | { readonly kind: 'who' }
  /** I do, and this is how it stands. */
  | { readonly kind: 'state'; readonly state: StreamState }
  /** This has happened. */
  | { readonly kind: 'event'; readonly event: ServerEvent }
  /** I did, and leave. */
  | { readonly kind: 'gone' }
  /** Who may read what has changed: look again. */
  | { readonly kind: 'access' };

const STATES: readonly unknown[] = ['none', 'live', 'blocked', 'refused'] satisfies StreamState[];

/** Reads what another tab has said; undefined for what a page of another version says that this one does not know. */
export function readTabMessage(value: unknown): TabMessage | undefined {
  const { kind, state, event } = record(value);
  if (kind === 'who' || kind === 'gone' || kind === 'access') return { kind };
  if (kind === 'state' && STATES.includes(state)) return { kind, state: state as StreamState };
  const { name, data, id } = record(event);
  if (kind !== 'event' || typeof name !== 'string' || typeof data !== 'string' || typeof id !== 'string')
    return undefined;
  return { kind, event: { name, data, id } };
}
