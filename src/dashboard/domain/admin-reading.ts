/** A target, as `GET /self/circuits` tells it. */
export interface TargetReading {
  readonly name: string;
  readonly state: string;
  /** ISO time. */
  readonly since: string;
  /** Why it is as it is; null for one that is closed. */
  readonly cause: string | null;
  /** ISO time of the next attempt; null where none is waited for. */
  readonly next: string | null;
  readonly calls: number;
  readonly failures: number;
}

/** A heal, as `GET /self/heal/runs` tells it. */
export interface HealReading {
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  readonly by: string;
  readonly level: string;
  readonly cause: string | null;
  readonly reason: string;
  readonly steps: readonly { readonly name: string; readonly result: string }[];
  readonly verdict: string;
  readonly why: string;
  /** The whole of it, as text. */
  readonly whole: string;
}

/** An alert, as `GET /self/alerts` tells it. */
export interface AlertReading {
  readonly name: string;
  readonly severity: string;
  readonly state: string;
  readonly summary: string;
  /** ISO time. */
  readonly since: string;
  readonly silencedUntil: string | null;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the answer of `GET /self/circuits`. */
export function readTargets(answer: unknown): readonly TargetReading[] | 'unknown' {
  return listOf(answer, 'circuits')?.map(target) ?? 'unknown';
}

/** Reads the answer of `GET /self/heal/runs`. */
export function readHeals(answer: unknown): readonly HealReading[] | 'unknown' {
  return listOf(answer, 'items')?.map(heal) ?? 'unknown';
}

/** Reads the answer of `GET /self/alerts`. */
export function readAlerts(answer: unknown): readonly AlertReading[] | 'unknown' {
  return listOf(answer, 'alerts')?.map(alert) ?? 'unknown';
}

function target(value: Json): TargetReading {
  const [reason, counts] = [record(value['reason']), record(value['counts'])];
  return {
    name: text(value['name']),
    state: text(value['state']),
    since: text(value['since']),
    cause: maybe(reason['cause']) ?? maybe(reason['rule']),
    next: maybe(value['next_probe_at']),
    calls: count(counts['calls']),
    failures: count(counts['failures']),
  };
}

function heal(value: Json): HealReading {
  return {
    id: text(value['run_id']),
    at: text(value['timestamp']),
    by: text(value['by']),
    level: text(value['level']),
    cause: maybe(value['cause']),
    reason: text(value['reason']),
    steps: (listOf(value, 'steps') ?? []).map((step) => ({ name: text(step['name']), result: text(step['result']) })),
    verdict: text(value['verdict']),
    why: text(value['verdict_reason']),
    whole: JSON.stringify(value, null, 2),
  };
}

function alert(value: Json): AlertReading {
  return {
    name: text(value['name']),
    severity: text(value['severity']),
    state: text(value['state']),
    summary: text(value['summary']),
    since: text(value['since']),
    silencedUntil: maybe(value['silenced_until']),
  };
}

function listOf(value: unknown, name: string): Json[] | undefined {
  const list = record(value)[name];
  return Array.isArray(list) ? (list as unknown[]).map(record) : undefined;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function maybe(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
