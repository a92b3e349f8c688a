import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { randomHex } from '../platform/identifiers.js';
import { type TelemetrySettings } from '../platform/telemetry.settings.js';
import { VERSION } from '../platform/version.js';
import { type TracingSettings } from './tracing.settings.js';

/** Where the standard looks for a collector that no setting names. */
const STANDARD_ENDPOINT = 'http://localhost:4318';
/** Most pushes under way at once: one batch follows the other, save at the end, when all that waits is sent. */
const PUSHES = 30;
/** Limits of one span: what the node itself writes stays far below, and names that clients choose are cut. */
const SPAN_LIMITS = { attributeValueLengthLimit: 256, attributeCountLimit: 64, eventCountLimit: 64 };

/** Hears what becomes of spans. */
export interface SpanCounter {
  exported(spans: number): void;
  failed(spans: number, error: Error | undefined): void;
  ended(): void;
}

/** Builds what makes, batches and sends spans. Loaded only where traces are on. */
export function otlpPipeline(
  settings: TracingSettings,
  telemetry: TelemetrySettings,
  counter: SpanCounter,
): TracerProvider {
  const { batchSize, queueSize, delayMs, exportTimeoutMs } = settings;
  const processor = new BatchSpanProcessor({
    exporter: counted(exporterOf(settings, telemetry), counter),
    maxExportBatchSize: Math.min(batchSize, queueSize),
    maxQueueSize: queueSize,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const ended = {
    onStart: () => undefined,
    onEnd: () => {
      counter.ended();
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  return new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.version': VERSION,
        ...telemetry.resource,
        'service.name': telemetry.serviceName,
      }),
    ),
    sampler: samplerOf(settings),
    spanLimits: SPAN_LIMITS,
    idGenerator: { generateTraceId: () => randomHex(16), generateSpanId: () => randomHex(8) },
    spanProcessors: [ended, processor],
  });
}

function exporterOf(settings: TracingSettings, telemetry: TelemetrySettings): SpanExporter {
  const base = telemetry.endpoint === '' ? STANDARD_ENDPOINT : telemetry.endpoint;
  const options = {
    url: settings.endpoint === '' ? `${base}/v1/traces` : settings.endpoint,
    headers: { ...telemetry.headers },
    timeoutMillis: telemetry.timeoutMs,
    concurrencyLimit: PUSHES,
  };
  return telemetry.protocol === 'http/json' ? new JsonExporter(options) : new ProtobufExporter(options);
}

function samplerOf({ sampler, samplerRatio }: TracingSettings): Sampler {
  const kind = sampler.replace('parentbased_', '');
  const root =
    kind === 'always_on'
      ? new AlwaysOnSampler()
      : kind === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(samplerRatio);
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

/** An exporter whose results are heard of. */
function counted(exporter: SpanExporter, counter: SpanCounter): SpanExporter {
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      exporter.export(spans, (result) => {
        if (result.code === ExportResultCode.SUCCESS) counter.exported(spans.length);
        else counter.failed(spans.length, result.error);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
