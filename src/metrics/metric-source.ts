import { type Contribution, extensionPoint } from '../platform/extension-point.js';

/** The JSON document at `/metrics`, under the names the seed gave. */
export interface SeedMetrics {
  requests_total: number;
  requests_success: number;
  requests_error: number;
  api_calls: number;
  upstream_429: number;
  upstream_5xx: number;
  model_rotations: number;
  auto_heals: number;
  circuit_breaks: number;
  connection_resets: number;
  retry_successes: number;
  retry_exhausted: number;
  uptime_start: string;
  uptime_seconds: number;
  model_usage: Record<string, number>;
  model_429_count: Record<string, number>;
  self_healing: {
    auto_heal_enabled: boolean;
    circuit_breaker_open: boolean;
    circuit_breaker_failures: number;
    http_client_errors: number;
    last_http_reset: string | null;
  };
}

/** What one source knows of the document. */
export type SeedPart = Partial<Omit<SeedMetrics, 'self_healing'>> & {
  self_healing?: Partial<SeedMetrics['self_healing']>;
};

/** A class that owns metrics and gives its share of the JSON document. */
export interface MetricSource extends Contribution {
  /** The members this source knows; each member has one owner. */
  seed(): SeedPart;
}

/** Extension point: mark a `MetricSource` with `@metricSources.contribute()` and list it in its module's providers. */
export const metricSources = extensionPoint<MetricSource>('metric source');
