/** Names of the states, as they are shown. */
export type CircuitStateName = CircuitState['kind'];

/** What opened a circuit, or keeps it open. */
export type OpeningRule =
  'consecutive_failures' | 'failure_rate' | 'slow_rate' | 'probe_failed' | 'probe_slow' | 'operator';

/** What the rules counted in the window; `consecutiveFailures` are those up to now. */
export interface CircuitCounts {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  readonly consecutiveFailures: number;
}

/** Why a circuit lets no calls through. */
export interface OpeningReason {
  readonly rule: OpeningRule;
  /** What the caller said of the last failure, or the operator of the isolation. */
  readonly cause: string | undefined;
  /** What had been counted when it opened. */
  readonly counts: CircuitCounts | undefined;
}

/** Since when: monotonic ms for reckoning, epoch ms for showing. */
interface Since {
  readonly since: number;
  readonly sinceWall: number;
}

/** Calls pass and are counted. */
export interface ClosedState extends Since {
  readonly kind: 'closed';
}

/** Calls are refused until `until` (monotonic ms), which is `openMs` after the opening. */
export interface OpenState extends Since {
  readonly kind: 'open';
  readonly until: number;
  readonly openMs: number;
  readonly reason: OpeningReason;
}

/** A few calls are on trial; what they show decides. */
export interface HalfOpenState extends Since {
  readonly kind: 'half_open';
  /** Probes that have succeeded so far. */
  readonly successes: number;
  readonly reason: OpeningReason;
}

/** Calls pass and nothing is counted. */
export interface DisabledState extends Since {
  readonly kind: 'disabled';
}

/** What isolation lies upon, and what comes back when it is lifted. */
export type GroundState = ClosedState | OpenState | DisabledState;

/** Held open by an operator. */
export interface IsolatedState extends Since {
  readonly kind: 'isolated';
  readonly ground: GroundState;
  readonly reason: OpeningReason;
}

/** State of a circuit; each carries only what it needs. Isolated, disabled: vocabulary of Polly and resilience4j. */
export type CircuitState = ClosedState | OpenState | HalfOpenState | IsolatedState | DisabledState;

/** One change of state, told after it has happened; `at`, when the new state began, in epoch ms. */
export interface CircuitTransition {
  readonly circuit: string;
  readonly from: CircuitStateName;
  readonly to: CircuitStateName;
  readonly at: number;
  /** True once for every opening and reopening; a return to open when isolation is lifted is none. */
  readonly opening: boolean;
  /** When the new state keeps calls out, why. */
  readonly reason: OpeningReason | undefined;
  /** When it is open, the whole open time, ms. */
  readonly openMs: number | undefined;
}

/** The change to `state` that has just happened. */
export function transition(
  circuit: string,
  from: CircuitStateName,
  state: CircuitState,
  opening: boolean,
): CircuitTransition {
  const reason = 'reason' in state ? state.reason : undefined;
  const openMs = state.kind === 'open' ? state.openMs : undefined;
  return { circuit, from, to: state.kind, at: state.sinceWall, opening, reason, openMs };
}

/** Longest cause that is kept, in characters: causes may quote what an upstream said. */
const CAUSE_LIMIT = 200;

/** A reason with a cause of bounded length. */
export function openingReason(rule: OpeningRule, cause?: string, counts?: CircuitCounts): OpeningReason {
  return { rule, cause: cause?.slice(0, CAUSE_LIMIT), counts };
}
