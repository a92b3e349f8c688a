import {
  type AlertReading,
  type HealReading,
  readAlerts,
  readHeals,
  readTargets,
  type TargetReading,
} from './admin-reading.js';
import { type MetricsReading, readFigures } from './node-reading.js';
import { type OverviewReading, readOverview } from './overview-reading.js';
import { readRecent, RECENT_SERIES, type RecentReading } from './recent-reading.js';

/** What one route told; or that it gives nothing to who asks, or nothing that is understood. */
export type Reading<T> = T | 'refused' | 'unknown';

/** A route that the page reads. */
interface ReadRoute<T> {
  readonly path: string;
  /** Reads its answer; `unknown` when it is none of a node. */
  readonly read: (body: unknown) => T | 'unknown';
}

/** Heals on the page. */
const HEALS = 10;

/**
 * Every route that the page reads besides `/health`, each by itself: one that fails or refuses takes nothing from the
 * others. A new part of the page that needs another route adds it here, and finds its reading among the facts.
 */
export const READ_ROUTES = {
  figures: { path: '/metrics', read: readFigures } satisfies ReadRoute<MetricsReading>,
  recent: {
    path: `/metrics/recent?series=${RECENT_SERIES.join(',')}`,
    read: readRecent,
  } satisfies ReadRoute<RecentReading>,
  overview: { path: '/self/overview', read: readOverview } satisfies ReadRoute<OverviewReading>,
  targets: { path: '/self/circuits', read: readTargets } satisfies ReadRoute<readonly TargetReading[]>,
  heals: { path: `/self/heal/runs?limit=${HEALS}`, read: readHeals } satisfies ReadRoute<readonly HealReading[]>,
  alerts: { path: '/self/alerts', read: readAlerts } satisfies ReadRoute<readonly AlertReading[]>,
};

/** Name of a reading. */
export type ReadingName = keyof typeof READ_ROUTES;

/** What the routes told, each by itself. */
export type Readings = {
  readonly [name in ReadingName]: Reading<Exclude<ReturnType<(typeof READ_ROUTES)[name]['read']>, string>>;
};

/** What is known before anything was asked. */
export const NOTHING_READ: Readings = {
  figures: 'unknown',
  recent: 'unknown',
  overview: 'unknown',
  targets: 'unknown',
  heals: 'unknown',
  alerts: 'unknown',
};

/** What a route told, by the status and the body of its answer. */
export function readingOf<N extends ReadingName>(name: N, status: number, body: unknown): Readings[N] {
  if (status === 401 || status === 403) return 'refused';
  return (status < 400 ? READ_ROUTES[name].read(body) : 'unknown') as Readings[N];
}
