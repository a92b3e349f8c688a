import { type IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type RequestHandler } from 'express';
import { LOG, type Log } from '../platform/logging.js';
import { identityOf } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';
import { type TelemetrySettings, telemetrySettings } from '../platform/telemetry.settings.js';
import { within as withinTime } from '../platform/within.js';
import { within } from './current-trace.js';
import { type SpanRecorder } from './span-recorder.js';
import { TracingMetrics } from './tracing.metrics.js';
import { type TracingSettings, tracingSettings } from './tracing.settings.js';

/** Longest wait for the last spans to be sent when the node leaves, ms; a collector may be frozen. */
const FLUSH_MS = 2000;
/** Least time between two log lines on spans that could not be sent, ms: a collector may be gone for days. */
const COMPLAINT_MS = 300_000;
/** Own routes whose requests are counted, and so have an end that a span can be told of. */
const TRACED_PATH = /^\/(?:api|memory)(?:[/?]|$)/;

/** Traces of the requests to the API; off, it holds nothing and has nothing loaded. */
@Injectable()
export class Tracing implements OnModuleInit, OnApplicationShutdown {
  /** Undefined while traces are off. */
  recorder: SpanRecorder | undefined;
  #complained = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(tracingSettings.KEY) private readonly settings: TracingSettings,
    @Inject(telemetrySettings.KEY) private readonly telemetry: TelemetrySettings,
    @Inject(LOG) private readonly log: Log,
    private readonly events: RequestEvents,
    private readonly metrics: TracingMetrics,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.#wanted) return;
    const [{ otlpPipeline }, { SpanRecorder }] = await Promise.all([
      import('./otlp-pipeline.js'),
      import('./span-recorder.js'),
    ]);
    const provider = otlpPipeline(this.settings, this.telemetry, {
      ended: () => {
        this.metrics.count('ended', 1);
      },
      exported: (spans) => {
        this.metrics.count('exported', spans);
      },
      failed: (spans, error) => {
        this.metrics.count('failed', spans);
        this.#complain(spans, error);
      },
    });
    const recorder = new SpanRecorder(provider);
    this.recorder = recorder;
    this.events.finished.subscribe((finished) => {
      recorder.finished(finished);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.recorder === undefined) return;
    // What cannot be sent in time is lost; nobody waits for it longer.
    const closed = this.recorder.close().then(
      () => undefined,
      () => undefined,
    );
    await withinTime(FLUSH_MS, closed);
  }

  /** Takes up the trace of a request to a route of Nest, where its end will be told. */
  arrived(request: IncomingMessage): void {
    if (this.recorder !== undefined && TRACED_PATH.test(request.url ?? '')) this.recorder.arrived(request);
  }

  /** Middleware by which work for a request is known as such. */
  readonly follow: RequestHandler = (request, _response, next) => {
    const trace = this.recorder?.of(identityOf(request));
    if (trace === undefined) next();
    else within(trace, next);
  };

  get #wanted(): boolean {
    if (this.telemetry.disabled || this.settings.exporter === 'none') return false;
    return this.settings.exporter === 'otlp' || this.settings.endpoint !== '' || this.telemetry.endpoint !== '';
  }

  #complain(spans: number, error: Error | undefined): void {
    if (performance.now() - this.#complained < COMPLAINT_MS) return;
    this.#complained = performance.now();
    this.log.warn({ event: 'trace_export_failed', spans, err: error }, 'spans could not be sent to the collector');
  }
}
