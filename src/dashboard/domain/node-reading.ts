import { PAGE_STATES, type PageState } from './state-sign.js';

/** Something that is not well, as `GET /health` tells it. */
export interface ConditionReading {
  readonly name: string;
  readonly severity: string;
  readonly reason: string;
  /** ISO time. */
  readonly since: string;
}

/** What the page uses of `GET /health`. */
export interface HealthReading {
  /** The situation, where the node tells it; else the state or the status. */
  readonly state: PageState;
  readonly summary: string;
  /** The first words of the summary, which name the state. */
  readonly headline?: string;
  readonly upstream: string;
  readonly version: string;
  readonly uptime_seconds: number;
  readonly requests_total: number;
  readonly conditions: readonly ConditionReading[];
}

/** What the page uses of `GET /metrics`. */
export interface MetricsReading {
  readonly requests_total: number;
  readonly requests_success: number;
  readonly requests_error: number;
  readonly api_calls: number;
  readonly upstream_429: number;
  readonly upstream_5xx: number;
  /** ISO time. */
  readonly uptime_start: string;
  readonly model_usage: Readonly<Record<string, number>>;
  readonly model_429_count: Readonly<Record<string, number>>;
}

/** Reads the answer of `GET /health`; undefined when it is no answer of a node. */
export function readHealth(value: unknown): HealthReading | undefined {
  if (!isRecord(value) || typeof value['summary'] !== 'string') return undefined;
  const words = [value['situation'], value['state'], value['status']];
  const [told] = words.flatMap((word) => PAGE_STATES.filter((state) => state === word));
  const conditions = Array.isArray(value['conditions']) ? (value['conditions'] as unknown[]) : [];
  return {
    state: told ?? 'unknown',
    summary: value['summary'],
    headline: text(value['headline']),
    upstream: text(value['upstream']),
    version: text(value['version']),
    uptime_seconds: count(value['uptime_seconds']),
    requests_total: count(value['requests_total']),
    conditions: conditions.filter(isRecord).map((condition) => ({
      name: text(condition['name']),
      severity: text(condition['severity']),
      reason: text(condition['reason']),
      since: text(condition['since']),
    })),
  };
}

/** Reads the JSON answer of `GET /metrics`; `unknown` when it holds no figures. */
export function readFigures(value: unknown): MetricsReading | 'unknown' {
  if (!isRecord(value) || typeof value['requests_total'] !== 'number') return 'unknown';
  return {
    requests_total: value['requests_total'],
    requests_success: count(value['requests_success']),
    requests_error: count(value['requests_error']),
    api_calls: count(value['api_calls']),
    upstream_429: count(value['upstream_429']),
    upstream_5xx: count(value['upstream_5xx']),
    uptime_start: text(value['uptime_start']),
    model_usage: counts(value['model_usage']),
    model_429_count: counts(value['model_429_count']),
  };
}

function counts(value: unknown): Record<string, number> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, number]) => [name, count(number)]));
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
