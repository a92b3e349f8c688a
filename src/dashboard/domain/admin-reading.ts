import { type HourReading } from './day-bar.js';
import { count, type Json, known, listOf, maybe, record, text } from './json.js';

/** Hours of a day, which are drawn. */
const HOURS = 24;

/** A target, as `GET /self/circuits` tells it. */
export interface TargetReading {
  readonly name: string;
  readonly state: string;
  /** ISO time. */
  readonly since: string;
  /** Why it is as it is; null for one that is closed. */
  readonly cause: string | null;
  /** Failures in a row that it counts. */
  readonly inARow: number;
  /** Seconds until it is tried again, as of the answer; null where none is waited for. */
  readonly left: number | null;
  readonly calls: number;
  readonly failures: number;
  /** ISO time. */
  readonly lastSuccess: string | null;
  /** Time to the first word that one in twenty exceeds, ms. */
  readonly p95: number | null;
  readonly perMinute: number;
  /** The last day by the hour, oldest first; null where nothing is known. */
  readonly hours: readonly (HourReading | null)[];
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
  /** The silence that was asked for it; null where there is none, or one of all alerts. */
  readonly silenceId: string | null;
}

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
  const silences = listOf(answer, 'silences') ?? [];
  return listOf(answer, 'alerts')?.map((told) => alert(told, silences)) ?? 'unknown';
}

function target(value: Json): TargetReading {
  const [reason, counts] = [record(value['reason']), record(value['counts'])];
  const hours: unknown = value['hours'];
  return {
    name: text(value['name']),
    state: text(value['state']),
    since: text(value['since']),
    cause: maybe(reason['cause']) ?? maybe(reason['rule']),
    inARow: count(counts['consecutive_failures']),
    left: known(value['remaining_seconds']),
    calls: count(counts['calls']),
    failures: count(counts['failures']),
    lastSuccess: maybe(value['last_success_at']),
    p95: known(value['p95_ms']),
    perMinute: count(value['calls_per_minute']),
    hours: Array.isArray(hours) ? (hours as unknown[]).slice(-HOURS).map(hour) : [],
  };
}

function hour(value: unknown): HourReading | null {
  if (value === null) return null;
  const told = record(value);
  return {
    calls: count(told['calls']),
    failures: count(told['failures']),
    refusals: count(told['refusals']),
    out: count(told['out_seconds']),
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

function alert(value: Json, silences: readonly Json[]): AlertReading {
  const silence = silences.find((one) => text(one['alert']) === text(value['name']));
  return {
    name: text(value['name']),
    severity: text(value['severity']),
    state: text(value['state']),
    summary: text(value['summary']),
    since: text(value['since']),
    silencedUntil: maybe(value['silenced_until']),
    silenceId: maybe(silence?.['id']),
  };
}
