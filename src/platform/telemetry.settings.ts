import { choice, duration, flag, httpUrl, keyValues, text } from './setting-kinds.js';
import { defineSettings, type SettingsOf } from './settings.js';

/** What pushes of metrics and of traces share: the standard variables of OpenTelemetry. */
export const telemetrySettings = defineSettings('telemetry', 'Telemetry', {
  disabled: flag({
    variable: 'OTEL_SDK_DISABLED',
    default: false,
    about: 'Switches every push over OTLP off, whatever else is set.',
  }),
  endpoint: httpUrl({
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    about:
      'Address of an OpenTelemetry collector; `/v1/metrics` and `/v1/traces` are appended. Unset: nothing is pushed unless a signal has an address of its own.',
    example: 'http://localhost:4318',
  }),
  protocol: choice({
    variable: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    options: ['http/protobuf', 'http/json'],
    default: 'http/protobuf',
    about: 'How OTLP is spoken; `grpc` is not, since every collector takes HTTP too.',
  }),
  headers: keyValues({
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    secret: true,
    about: 'Headers of every push over OTLP, such as a token; values are percent-encoded.',
    example: 'authorization=Bearer%20token',
  }),
  timeoutMs: duration({
    variable: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    unit: 'ms',
    default: '10s',
    min: '100ms',
    max: '1m',
    about: 'Longest that one push over OTLP may take, its repetitions included; the default is the standard’s.',
  }),
  serviceName: text({
    variable: 'OTEL_SERVICE_NAME',
    default: 'l104-node',
    max: 255,
    about: 'Name under which this node stands among other services, `service.name`.',
  }),
  resource: keyValues({
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    about:
      'Attributes of everything that is pushed over OTLP; values are percent-encoded. `service.name` of it gives way to `OTEL_SERVICE_NAME`.',
    example: 'deployment.environment.name=production,service.instance.id=node-1',
  }),
});

/** Validated settings of telemetry. */
export type TelemetrySettings = SettingsOf<typeof telemetrySettings>;
