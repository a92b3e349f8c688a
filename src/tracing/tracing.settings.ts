import { choice, decimal, duration, httpUrl, integer } from '../platform/setting-kinds.js';
import { defineSettings, type SettingsOf } from '../platform/settings.js';

/** Traces: the standard variables of OpenTelemetry; what they share with the push of metrics is in `telemetrySettings`. */
export const tracingSettings = defineSettings('tracing', 'Traces', {
  exporter: choice({
    variable: 'OTEL_TRACES_EXPORTER',
    options: ['auto', 'otlp', 'none'],
    default: 'auto',
    about:
      'Where spans go. `auto`: to `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` where one is set, else no span is made; `otlp`: in any case, to the standard address where none is set.',
  }),
  endpoint: httpUrl({
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    about: 'Whole address for spans, taken as it is, where it is not that of `OTEL_EXPORTER_OTLP_ENDPOINT`.',
    example: 'http://localhost:4318/v1/traces',
  }),
  sampler: choice({
    variable: 'OTEL_TRACES_SAMPLER',
    options: [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    default: 'parentbased_always_on',
    about:
      'Which traces are recorded; `parentbased_…` does as the `traceparent` of the client says, and the rest where it sends none.',
  }),
  samplerRatio: decimal({
    variable: 'OTEL_TRACES_SAMPLER_ARG',
    default: 1,
    min: 0,
    max: 1,
    about: 'Share of the traces that the samplers called `traceidratio` record.',
  }),
  delayMs: duration({
    variable: 'OTEL_BSP_SCHEDULE_DELAY',
    unit: 'ms',
    default: '5s',
    min: '10ms',
    max: '5m',
    about: 'Longest time a span waits for others to be sent with; the default is the standard’s.',
  }),
  queueSize: integer({
    variable: 'OTEL_BSP_MAX_QUEUE_SIZE',
    default: 2048,
    min: 1,
    max: 65_536,
    about: 'Most spans that wait to be sent; further ones are dropped. The default is the standard’s, some MB.',
  }),
  batchSize: integer({
    variable: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    default: 512,
    min: 1,
    max: 65_536,
    about: 'Most spans in one push; the default is the standard’s.',
  }),
  exportTimeoutMs: duration({
    variable: 'OTEL_BSP_EXPORT_TIMEOUT',
    unit: 'ms',
    default: '30s',
    min: '100ms',
    max: '5m',
    about: 'Longest that one batch is waited for before the next may go; the default is the standard’s.',
  }),
});

/** Validated settings of traces. */
export type TracingSettings = SettingsOf<typeof tracingSettings>;
