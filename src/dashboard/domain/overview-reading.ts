import { count, type Json, known, listOf, maybe, record, text } from './json.js';

/** A vital as a number. */
export interface VitalReading {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly limit: number | null;
  readonly stays: string;
  readonly level: string;
  /** ISO time. */
  readonly at: string;
}

/** What is forecast of a resource of the node. */
export interface ForecastReading {
  readonly name: string;
  /** `likely` is what is raised; more words may come. */
  readonly state: string;
  readonly because: string;
  readonly probability: number | null;
  /** Seconds. */
  readonly due: number | null;
  /** ISO time. */
  readonly knownAt: string | null;
  readonly advice: string;
}

/** What is forecast, and how far ahead. */
export interface ForecastsReading {
  /** False while the watchdog is off, which takes the readings. */
  readonly enabled: boolean;
  /** Seconds. */
  readonly horizon: number;
  readonly figures: readonly ForecastReading[];
}

/** A key of the node's own, by its short hash. */
export interface KeyReading {
  readonly id: string;
  readonly state: string;
  readonly fault: string | null;
  readonly rests: readonly { readonly model: string; readonly kind: string; readonly left: number }[];
}

/** The places for attempts at one model. */
export interface PlacesReading {
  readonly name: string;
  readonly limit: number;
  readonly used: number;
  readonly waiting: number;
}

/** The memory store. */
export interface StoreReading {
  readonly state: string;
  readonly reason: string | null;
  readonly database: string;
  readonly size: number | null;
  readonly pending: number | null;
  readonly pendingLimit: number | null;
  /** ISO time. */
  readonly backup: string | null;
  /** Whether it keeps backups of its own. */
  readonly backsUp: boolean;
}

/** What the page uses of `GET /self/overview`. */
export interface OverviewReading {
  /** ISO time, by the node's clock: the ages of what it tells are reckoned from it. */
  readonly at: string;
  readonly node: { readonly name: string; readonly runtime: string; readonly processes: number };
  readonly vitals: readonly VitalReading[];
  /** Null where the node tells none. */
  readonly forecasts: ForecastsReading | null;
  readonly calls: { readonly used: number; readonly limit: number };
  readonly places: readonly PlacesReading[];
  readonly retries: { readonly used: number; readonly allowed: number; readonly seconds: number };
  readonly rate: { readonly requests: number; readonly seconds: number; readonly clients: number };
  readonly streams: number | null;
  readonly keys: readonly KeyReading[];
  readonly store: StoreReading;
}

/** Reads the answer of `GET /self/overview`. */
export function readOverview(answer: unknown): OverviewReading | 'unknown' {
  const told = record(answer);
  const limits = record(told['limits']);
  const [vitals, keys, places] = [listOf(told, 'vitals'), listOf(told, 'keys'), listOf(limits, 'models')];
  if (vitals === undefined || keys === undefined || places === undefined) return 'unknown';
  const [node, calls] = [record(told['node']), record(limits['calls'])];
  const [retries, rate] = [record(limits['retry_budget']), record(limits['rate_limit'])];
  return {
    at: text(told['timestamp']),
    node: { name: text(node['name']), runtime: text(node['node_version']), processes: count(node['processes']) },
    vitals: vitals.map(vital),
    forecasts: forecasts(record(told['forecasts'])),
    calls: { used: count(calls['in_flight']), limit: count(calls['limit']) },
    places: places.map((one) => ({
      name: text(one['name']),
      limit: count(one['limit']),
      used: count(one['in_flight']),
      waiting: count(one['waiting']),
    })),
    retries: {
      used: count(retries['used']),
      allowed: count(retries['allowed']),
      seconds: count(retries['window_seconds']),
    },
    rate: {
      requests: count(rate['requests']),
      seconds: count(rate['window_seconds']),
      clients: count(rate['clients']),
    },
    streams: known(record(told['streams'])['open']),
    keys: keys.map(key),
    store: store(record(told['store'])),
  };
}

function vital(value: Json): VitalReading {
  return {
    name: text(value['name']),
    value: known(value['value']),
    unit: text(value['unit']),
    limit: known(value['limit']),
    stays: text(value['stays']),
    level: text(value['level']),
    at: text(value['at']),
  };
}

function forecasts(value: Json): ForecastsReading | null {
  const figures = listOf(value, 'figures');
  if (figures === undefined) return null;
  return {
    enabled: value['enabled'] === true,
    horizon: count(value['horizon_seconds']),
    figures: figures.map((one) => ({
      name: text(one['name']),
      state: text(one['state']),
      because: text(one['unknown_because']),
      probability: known(one['probability']),
      due: known(one['limit_in_seconds']),
      knownAt: maybe(one['known_at']),
      advice: text(one['advice']),
    })),
  };
}

function key(value: Json): KeyReading {
  return {
    id: text(value['id']),
    state: text(value['state']),
    fault: maybe(value['fault']),
    rests: (listOf(value, 'rests') ?? []).map((rest) => ({
      model: text(rest['model']),
      kind: text(rest['kind']),
      left: count(rest['remaining_seconds']),
    })),
  };
}

function store(value: Json): StoreReading {
  return {
    state: text(value['state']),
    reason: maybe(value['reason']),
    database: text(value['database']),
    size: known(value['size_bytes']),
    pending: known(value['pending_writes']),
    pendingLimit: known(value['pending_limit']),
    backup: maybe(value['last_backup_at']),
    backsUp: value['kind'] === 'sqlite',
  };
}
