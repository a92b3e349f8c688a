import {
  type CircuitState,
  type GroundState,
  type IsolatedState,
  openingReason,
  type OpeningReason,
  type OpeningRule,
} from './circuit-state.js';

type SavedGround =
  | { readonly kind: 'closed'; readonly forMs: number }
  | { readonly kind: 'open'; readonly openMs: number; readonly remainingMs: number; readonly reason: SavedReason }
  | { readonly kind: 'disabled' };

interface SavedReason {
  readonly rule: OpeningRule;
  readonly cause: string | null;
}

/** What outlives a restart, as plain JSON: the state and the growth, not the window. Spans in ms, times in epoch ms. */
export interface SavedCircuit {
  readonly version: 1;
  readonly savedAt: number;
  readonly since: number;
  /** The last open time; null when there is nothing to grow from. */
  readonly grownMs: number | null;
  readonly ground: SavedGround;
  readonly isolation: SavedReason | null;
}

/** Both readings of a clock at one moment. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

const RULES: ReadonlySet<unknown> = new Set<OpeningRule>([
  'consecutive_failures',
  'failure_rate',
  'slow_rate',
  'probe_failed',
  'probe_slow',
  'operator',
]);

/** Puts a state into a form that can be stored. A half-open circuit is stored as one whose open time is just over. */
export function savedCircuit(state: CircuitState, grownMs: number | undefined, at: Moment): SavedCircuit {
  const isolated = state.kind === 'isolated';
  return {
    version: 1,
    savedAt: at.wall,
    since: state.sinceWall,
    grownMs: grownMs ?? null,
    ground: savedGround(isolated ? state.ground : state, grownMs, at),
    isolation: isolated ? savedReason(state.reason) : null,
  };
}

function savedGround(
  state: Exclude<CircuitState, IsolatedState>,
  grownMs: number | undefined,
  { now }: Moment,
): SavedGround {
  switch (state.kind) {
    case 'closed':
      return { kind: 'closed', forMs: now - state.since };
    case 'open':
      return {
        kind: 'open',
        openMs: state.openMs,
        remainingMs: Math.max(0, state.until - now),
        reason: savedReason(state.reason),
      };
    case 'half_open':
      return { kind: 'open', openMs: grownMs ?? 0, remainingMs: 0, reason: savedReason(state.reason) };
    case 'disabled':
      return { kind: 'disabled' };
  }
}

function savedReason({ rule, cause }: OpeningReason): SavedReason {
  return { rule, cause: cause ?? null };
}

/** What `readSaved` found. */
export interface Resumed {
  readonly state: GroundState | IsolatedState;
  readonly grownMs: number | undefined;
}

/**
 * Reads a stored circuit; undefined when it is none. The time between saving and reading is
 * taken from the wall clock, which may have been set meanwhile: set back, no time has
 * passed; far ahead, a wait is over. A wait never exceeds what remained, nor `maxMs`.
 */
export function readSaved(stored: unknown, at: Moment, maxMs: number): Resumed | undefined {
  if (!isRecord(stored) || stored.version !== 1) return undefined;
  const { savedAt, since, grownMs, isolation } = stored;
  if (!isTime(savedAt) || !isTime(since) || !(grownMs === null || isTime(grownMs))) return undefined;
  const passed = Math.max(0, at.wall - savedAt);
  const ground = readGround(stored.ground, { ...at, since, passed, maxMs });
  if (ground === undefined) return undefined;
  const grown = grownMs ?? undefined;
  if (isolation === null) return { state: ground, grownMs: grown };
  const reason = readReason(isolation);
  if (reason === undefined) return undefined;
  const held = { since: at.now - Math.max(0, at.wall - since), sinceWall: since };
  return { state: { kind: 'isolated', ...held, ground, reason }, grownMs: grown };
}

interface Reading extends Moment {
  readonly since: number;
  readonly passed: number;
  readonly maxMs: number;
}

function readGround(ground: unknown, { now, since, passed, maxMs }: Reading): GroundState | undefined {
  if (!isRecord(ground)) return undefined;
  if (ground.kind === 'disabled') return { kind: 'disabled', since: now - passed, sinceWall: since };
  if (ground.kind === 'closed') {
    const { forMs } = ground;
    return isTime(forMs) ? { kind: 'closed', since: now - forMs - passed, sinceWall: since } : undefined;
  }
  if (ground.kind !== 'open') return undefined;
  const { openMs, remainingMs } = ground;
  const reason = readReason(ground.reason);
  if (!isTime(openMs) || !isTime(remainingMs) || reason === undefined) return undefined;
  const wait = Math.max(0, Math.min(remainingMs, openMs, maxMs) - passed);
  return { kind: 'open', since: now - (openMs - wait), sinceWall: since, until: now + wait, openMs, reason };
}

function readReason(reason: unknown): OpeningReason | undefined {
  if (!isRecord(reason) || !isRule(reason.rule)) return undefined;
  return openingReason(reason.rule, typeof reason.cause === 'string' ? reason.cause : undefined);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isRule(value: unknown): value is OpeningRule {
  return RULES.has(value);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
