import { type CircuitCounts, type CircuitState, type CircuitStateName, type OpeningReason } from './circuit-state.js';

/** What happened to a circuit since the process began. */
export interface CircuitTotals {
  /** Openings and reopenings. */
  readonly opened: number;
  /** Calls that were not let through. */
  readonly rejected: number;
  /** Probes that said nothing within their limit and whose place another took. */
  readonly lostProbes: number;
}

/** A circuit as it is shown. Spans in ms, times in epoch ms. */
export interface CircuitView {
  readonly name: string;
  readonly state: CircuitStateName;
  readonly since: number;
  readonly forMs: number;
  readonly reason: OpeningReason | undefined;
  /** The whole open time, while open. */
  readonly openMs: number | undefined;
  /** Until the next call may be let through; 0 when the next one is. Undefined while closed, disabled or isolated. */
  readonly remainingMs: number | undefined;
  /** When that is; not in the future when the next call will be the probe. */
  readonly nextProbeAt: number | undefined;
  readonly probesInFlight: number;
  /** What counts now; for a circuit that is not closed, what had been counted when it opened. */
  readonly counts: CircuitCounts;
  readonly totals: CircuitTotals;
}

/** What a view is made of besides the state. */
export interface CircuitReading {
  readonly name: string;
  readonly now: number;
  readonly wall: number;
  readonly remainingMs: number | undefined;
  readonly probesInFlight: number;
  readonly counts: CircuitCounts;
  readonly totals: CircuitTotals;
}

/** Shows a state; nothing changes by looking. */
export function circuitView(state: CircuitState, reading: CircuitReading): CircuitView {
  const { name, now, wall, remainingMs, probesInFlight, totals } = reading;
  const reason = 'reason' in state ? state.reason : undefined;
  return {
    name,
    state: state.kind,
    since: state.sinceWall,
    forMs: now - state.since,
    reason,
    openMs: state.kind === 'open' ? state.openMs : undefined,
    remainingMs,
    nextProbeAt: remainingMs === undefined ? undefined : wall + remainingMs,
    probesInFlight,
    counts: reason?.counts ?? reading.counts,
    totals,
  };
}

/** What needs attention first comes first. */
const ORDER: readonly CircuitStateName[] = ['isolated', 'open', 'half_open', 'disabled', 'closed'];

/** Orders views: worst state first, then by name. */
export function worstFirst(a: CircuitView, b: CircuitView): number {
  const byState = ORDER.indexOf(a.state) - ORDER.indexOf(b.state);
  if (byState !== 0) return byState;
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
