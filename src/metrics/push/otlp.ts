import { ExportResultCode } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { type PushMetricExporter, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { VERSION } from '../../platform/version.js';
import { type Snapshot } from '../domain/push/family.js';
import { otlpMetrics } from './otlp-metrics.js';
import { type PushOutcome, type PushTarget } from './push-target.js';

/** Pushes that wait. All counts go on from the start, so that of a gap only its detail is lost. */
const WAITING = 5;

/** Where metrics go over OTLP, and what they tell of the node. */
export interface OtlpOptions {
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly resource: Readonly<Record<string, string>>;
  /** When the process began, wall clock, ms since the epoch. */
  readonly startedAt: number;
}

/** OTLP over HTTP. The exporter of OpenTelemetry repeats by itself what is worth it, within the time limit. */
export class Otlp implements PushTarget<ResourceMetrics> {
  readonly name = 'otlp';
  readonly intervalMs: number;
  readonly waiting = WAITING;
  readonly #resource: Resource;

  private constructor(
    private readonly options: OtlpOptions,
    private readonly exporter: PushMetricExporter,
  ) {
    this.intervalMs = options.intervalMs;
    this.#resource = resourceFromAttributes({ ...options.resource, 'service.version': VERSION });
  }

  /** Loads the exporter of the protocol, and only that. */
  static async load(options: OtlpOptions): Promise<Otlp> {
    const { OTLPMetricExporter } =
      options.protocol === 'http/json'
        ? await import('@opentelemetry/exporter-metrics-otlp-http')
        : await import('@opentelemetry/exporter-metrics-otlp-proto');
    const { url, headers, timeoutMs } = options;
    // One at a time is sent; a second would mean that the first does not end.
    const exporter = new OTLPMetricExporter({ url, headers, timeoutMillis: timeoutMs, concurrencyLimit: 2 });
    return new Otlp(options, exporter);
  }

  prepare(snapshot: Snapshot): ResourceMetrics {
    const metrics = otlpMetrics(snapshot, this.options.startedAt);
    return { resource: this.#resource, scopeMetrics: [{ scope: { name: 'l104-node', version: VERSION }, metrics }] };
  }

  send(payload: ResourceMetrics): Promise<PushOutcome> {
    return new Promise((resolve) => {
      this.exporter.export(payload, ({ code, error }) => {
        resolve(code === ExportResultCode.SUCCESS ? { result: 'ok' } : failure(error));
      });
    });
  }

  async close(): Promise<void> {
    await this.exporter.shutdown();
  }
}

/** An answer that is neither 429 nor of a fault of the receiver would be the same another time. */
function failure(error: (Error & { code?: unknown }) | undefined): PushOutcome {
  const code = error?.code;
  if (typeof code !== 'number') return { result: 'failed', reason: typeof code === 'string' ? code : 'no answer' };
  const reason = `HTTP status ${code}`;
  return code === 429 || code >= 500 ? { result: 'failed', reason } : { result: 'rejected', reason };
}
