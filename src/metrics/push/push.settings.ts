import { choice, duration, httpUrl, text } from '../../platform/setting-kinds.js';
import { defineSettings, type SettingsOf } from '../../platform/settings.js';

/** Settings of the pushes of metrics. */
export const pushSettings = defineSettings('push', 'Push of metrics', {
  exporter: choice({
    variable: 'OTEL_METRICS_EXPORTER',
    options: ['auto', 'otlp', 'prometheus', 'none'],
    default: 'auto',
    about:
      'Whether metrics are pushed over OTLP: `auto` does where an endpoint is set, `otlp` else to `http://localhost:4318`. `prometheus` and `none` push nothing; `/metrics` can be scraped in any case.',
  }),
  endpoint: httpUrl({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    about: 'Full address that metrics are pushed to over OTLP, in place of `OTEL_EXPORTER_OTLP_ENDPOINT`.',
    example: 'http://localhost:4318/v1/metrics',
  }),
  intervalMs: duration({
    variable: 'OTEL_METRIC_EXPORT_INTERVAL',
    unit: 'ms',
    default: '60s',
    min: '100ms',
    max: '1h',
    about: 'Time between two pushes over OTLP; the default is the standard’s.',
  }),
  remoteWriteUrl: httpUrl({
    variable: 'PROMETHEUS_REMOTE_WRITE_URL',
    about: 'Where metrics are pushed to by Prometheus remote-write 1.0. Unset: they are not.',
    example: 'http://localhost:9090/api/v1/write',
  }),
  remoteWriteToken: text({
    variable: 'PROMETHEUS_REMOTE_WRITE_TOKEN',
    secret: true,
    about: 'Bearer token for remote-write; with a user, the password.',
    example: 'a-long-random-text',
  }),
  remoteWriteUser: text({
    variable: 'PROMETHEUS_REMOTE_WRITE_USER',
    max: 255,
    about: 'User for remote-write with basic authentication, as hosted services have it.',
    example: '123456',
  }),
  remoteWriteIntervalMs: duration({
    variable: 'PROMETHEUS_REMOTE_WRITE_INTERVAL',
    unit: 's',
    default: '15s',
    min: '100ms',
    max: '1h',
    about: 'Time between two pushes by remote-write; the default is the usual time between two scrapes.',
  }),
});

/** Validated settings of the pushes. */
export type PushSettings = SettingsOf<typeof pushSettings>;
