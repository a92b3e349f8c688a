import { type CircuitState, type CircuitStateName, type OpeningReason } from './circuit-state.js';
import { type ProbePlaces } from './probe-places.js';

/** What a circuit says to a call that may not begin: a plain object, since an error with its stack costs microseconds. */
export interface Rejection {
  readonly admitted: false;
  readonly state: Extract<CircuitStateName, 'open' | 'half_open' | 'isolated'>;
  /** Why the circuit does not let calls through. */
  readonly cause: OpeningReason;
  /** Time until another attempt may be let through, ms; undefined when only an operator can tell. */
  readonly remainingMs: number | undefined;
}

/** What a call is refused with in this state at monotonic `now`; undefined when it may begin. */
export function refusalOf(state: CircuitState, now: number, places: ProbePlaces): Rejection | undefined {
  switch (state.kind) {
    case 'closed':
    case 'disabled':
      return undefined;
    case 'open':
      if (now >= state.until) return undefined;
      return { admitted: false, state: 'open', cause: state.reason, remainingMs: state.until - now };
    case 'half_open': {
      const remainingMs = places.waitMs(now);
      if (remainingMs === 0) return undefined;
      return { admitted: false, state: 'half_open', cause: state.reason, remainingMs };
    }
    case 'isolated':
      return { admitted: false, state: 'isolated', cause: state.reason, remainingMs: undefined };
  }
}
