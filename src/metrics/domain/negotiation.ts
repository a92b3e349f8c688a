/** Forms in which metrics are served. */
export type MetricsFormat = 'json' | 'text' | 'openmetrics';

/**
 * Chooses the form for an `Accept` header. Any header that names a format of
 * Prometheus gets text, because Prometheus 3 fails on JSON; all others get JSON.
 */
export function negotiate(accept: string | undefined): MetricsFormat {
  const wanted = (accept ?? '').toLowerCase();
  if (wanted.includes('application/openmetrics-text')) return 'openmetrics';
  return wanted.includes('text/plain') || wanted.includes('protobuf') ? 'text' : 'json';
}
