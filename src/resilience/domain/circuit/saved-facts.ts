import { type CircuitOptions } from './circuit-options.js';
import { readSaved, type SavedCircuit } from './saved-circuit.js';

/** Two readings of both clocks differ by parts of a millisecond; by more, the wall clock was set in between. ms */
const STEP_MS = 1000;

/** Whether something stored can be read as a circuit. */
export function isSaved(stored: unknown): stored is SavedCircuit {
  return readSaved(stored, { now: 0, wall: 0 }, 0) !== undefined;
}

/** Whether an operator holds the circuit, isolated or disabled. */
export function isHeld({ ground, isolation }: SavedCircuit): boolean {
  return isolation !== null || ground.kind === 'disabled';
}

/**
 * Whether two saves of one circuit, the earlier one first, say the same. A wait is saved as what remains of it at a
 * moment, so the numbers differ each time although nothing has changed.
 */
export function saysTheSame(earlier: SavedCircuit, later: SavedCircuit): boolean {
  return (
    earlier.since === later.since &&
    earlier.grownMs === later.grownMs &&
    sameReason(earlier.isolation, later.isolation) &&
    sameGround(earlier, later)
  );
}

/**
 * Whether nothing is left to remember at a time (epoch ms): a growth that has run out, or a wait that was over long
 * ago and that nobody came to try, as of a client who has left for good.
 */
export function isForgotten(saved: SavedCircuit, wall: number, { healthyMs, openMaxMs }: CircuitOptions): boolean {
  if (isHeld(saved)) return false;
  const { ground, grownMs } = saved;
  const passed = Math.max(0, wall - saved.savedAt);
  if (ground.kind === 'open') return passed - ground.remainingMs >= openMaxMs;
  return ground.kind === 'closed' && (grownMs === null || ground.forMs + passed >= healthyMs);
}

function sameGround(earlier: SavedCircuit, later: SavedCircuit): boolean {
  const [one, other] = [earlier.ground, later.ground];
  if (one.kind === 'open' && other.kind === 'open') {
    // Of a wait that is over, the later save no longer says when it was.
    const end = Math.max(earlier.savedAt + one.remainingMs, later.savedAt);
    const same = Math.abs(end - later.savedAt - other.remainingMs) < STEP_MS;
    return same && one.openMs === other.openMs && sameReason(one.reason, other.reason);
  }
  if (one.kind === 'closed' && other.kind === 'closed')
    return Math.abs(earlier.savedAt - one.forMs - (later.savedAt - other.forMs)) < STEP_MS;
  return one.kind === other.kind;
}

function sameReason(one: SavedCircuit['isolation'], other: SavedCircuit['isolation']): boolean {
  return one?.rule === other?.rule && one?.cause === other?.cause;
}
