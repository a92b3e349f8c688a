/** How a life of the node ended. `healed` and `stalled` ended it to cure it; nobody wrote the end of one that was `killed`. */
export type LifeEndKind = 'drained' | 'healed' | 'stalled' | 'bug' | 'unstarted' | 'killed';

const KINDS: readonly string[] = ['drained', 'healed', 'stalled', 'bug', 'unstarted', 'killed'] satisfies LifeEndKind[];

/** Longest cause and longest reason that are kept, characters. */
const CAUSE_LIMIT = 64;
const REASON_LIMIT = 600;

/** A process that served as the node. */
export interface LifeStart {
  readonly id: string;
  readonly pid: number;
  /** What tells the process from a later one with the same pid; undefined where the system has no such thing. */
  readonly birth: string | undefined;
  /** Wall clock, ms. */
  readonly startedAt: number;
  readonly version: string;
}

/** How and why a life ended. */
export interface LifeEnd {
  /** Wall clock, ms; of one that was killed, when that was noticed. */
  readonly endedAt: number;
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly kind: LifeEndKind;
  readonly cause: string;
  readonly reason: string;
}

/** One life as the log tells it. */
export interface Life extends LifeStart {
  /** Undefined while it runs, or when nobody wrote how it ended. */
  readonly end: LifeEnd | undefined;
}

/** A life that is over. */
export interface EndedLife extends Life {
  readonly end: LifeEnd;
}

/** What the lines of a log tell. */
export interface LifeLog {
  /** In the order they began. */
  readonly lives: readonly Life[];
  /** The one that ended last. */
  readonly lastEnded: EndedLife | undefined;
}

/** The line that begins a life, with its line end. */
export function startLine({ id, pid, birth, startedAt, version }: LifeStart): string {
  return line({ life: id, event: 'started', pid, birth, started_at: iso(startedAt), version });
}

/** The line that ends a life, with its line end. Begins with one, as a torn line before it may have none. */
export function endLine(id: string, { endedAt, code, kind, cause, reason }: LifeEnd): string {
  const told = { cause: cause.slice(0, CAUSE_LIMIT), reason: reason.slice(0, REASON_LIMIT) };
  return `\n${line({ life: id, event: 'ended', ended_at: iso(endedAt), code: code ?? null, kind, ...told })}`;
}

/**
 * Reads a log. Lines that are torn or no lines of a life are left out. The first end of a life is the one that counts,
 * but its own word counts more than `killed`, which is what others have guessed.
 */
export function readLifeLog(text: string): LifeLog {
  const lives = new Map<string, Life>();
  let lastEnded: EndedLife | undefined;
  for (const written of text.split('\n')) {
    const fields = fieldsOf(written);
    const id = fields?.['life'];
    if (fields === undefined || typeof id !== 'string') continue;
    const known = lives.get(id);
    if (fields['event'] === 'started' && known === undefined) {
      const start = startOf(id, fields);
      if (start !== undefined) lives.set(id, { ...start, end: undefined });
    } else if (fields['event'] === 'ended' && known !== undefined && (known.end?.kind ?? 'killed') === 'killed') {
      const end = endOf(fields);
      if (end === undefined) continue;
      lastEnded = { ...known, end };
      lives.set(id, lastEnded);
    }
  }
  return { lives: [...lives.values()], lastEnded };
}

/** The same log with only its newest lives and those that still run; undefined while it need not be shortened. */
export function shortened({ lives }: LifeLog, keep: number): string | undefined {
  if (lives.length <= keep * 2) return undefined;
  const kept = lives.filter(({ end }, place) => end === undefined || place >= lives.length - keep);
  // Ends stand in the order they happened, so that the last one stays the last.
  const ended = kept.flatMap(({ id, end }) => (end === undefined ? [] : [{ id, end }]));
  ended.sort((a, b) => a.end.endedAt - b.end.endedAt);
  return kept.map(startLine).join('') + ended.map(({ id, end }) => endLine(id, end)).join('');
}

/** Lives that were ended to cure the node within the last `ms`, by wall clock; a clock that was set back hides none. */
export function restartsWithin({ lives }: LifeLog, ms: number, wall: number): number {
  return lives.filter(
    ({ end }) => (end?.kind === 'healed' || end?.kind === 'stalled') && Math.abs(wall - end.endedAt) <= ms,
  ).length;
}

function line(fields: Record<string, unknown>): string {
  return `${JSON.stringify(fields)}\n`;
}

function iso(wall: number): string {
  return new Date(wall).toISOString();
}

function fieldsOf(written: string): Record<string, unknown> | undefined {
  if (!written.startsWith('{')) return undefined;
  try {
    return JSON.parse(written) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function startOf(id: string, fields: Record<string, unknown>): LifeStart | undefined {
  const { pid, birth, started_at: at, version } = fields;
  const startedAt = timeOf(at);
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0 || startedAt === undefined) return undefined;
  return {
    id,
    pid,
    birth: typeof birth === 'string' ? birth : undefined,
    startedAt,
    version: typeof version === 'string' ? version : '',
  };
}

function endOf(fields: Record<string, unknown>): LifeEnd | undefined {
  const { ended_at: at, code, kind, cause, reason } = fields;
  const endedAt = timeOf(at);
  if (endedAt === undefined || typeof kind !== 'string' || !KINDS.includes(kind)) return undefined;
  return {
    endedAt,
    code: typeof code === 'number' ? code : undefined,
    kind: kind as LifeEndKind,
    cause: typeof cause === 'string' ? cause : '',
    reason: typeof reason === 'string' ? reason : '',
  };
}

function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
