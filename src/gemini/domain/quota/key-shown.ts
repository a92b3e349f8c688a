import { type KeyStates, restsOf } from './key-trouble.js';

/** A key under the names of the API. */
export interface KeyShown {
  /** The first digits of its SHA-256 hash. */
  readonly id: string;
  readonly state: 'ready' | 'resting' | 'refused';
  /** Null for a key that is a project of its own. */
  readonly project: string | null;
  readonly in_flight: number;
  /** Why Gemini does not take it. */
  readonly fault: string | null;
  readonly rests: readonly {
    readonly model: string;
    readonly kind: string;
    readonly until: string;
    readonly remaining_seconds: number;
  }[];
}

/** Rests of one key that are shown, those that end last; a client can ask for models without end. */
const MOST_RESTS = 20;
const PROJECT = 'project:';

/** The node's own keys as they are shown at `wall`, epoch ms; rests that end last come first. */
export function keysShown(states: KeyStates, wall: number): KeyShown[] {
  return states.keys.map((key) => {
    const rests = restsOf(states, key)
      .sort((a, b) => b.until - a.until)
      .slice(0, MOST_RESTS);
    return {
      id: key.id,
      state: key.fault !== undefined ? 'refused' : rests.length > 0 ? 'resting' : 'ready',
      project: key.project.startsWith(PROJECT) ? key.project.slice(PROJECT.length) : null,
      in_flight: key.inFlight,
      fault: key.fault ?? null,
      rests: rests.map(({ model, kind, until }) => ({
        model,
        kind,
        until: new Date(until).toISOString(),
        remaining_seconds: Math.max(0, Math.ceil((until - wall) / 1000)),
      })),
    };
  });
}
