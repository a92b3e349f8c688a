import { type IncomingMessage } from 'node:http';
import { type Context, createTraceState, ROOT_CONTEXT, SpanKind, trace, type Tracer } from '@opentelemetry/api';
import { type TracerProvider } from '@opentelemetry/sdk-trace';
import { parseTraceparent } from '../kernel/trace-context.js';
import { type RequestIdentity } from '../platform/identifiers.js';
import { placeInTrace, type RequestFinished } from '../platform/request-context.js';
import { VERSION } from '../platform/version.js';
import { CallTrace, flagsOf } from './call-trace.js';

/** Longest `tracestate` that is read, characters; the specification asks for 512 at least. */
const STATE_LIMIT = 1024;

/** Opens and ends the spans of requests. Loaded only where traces are on. */
export class SpanRecorder {
  readonly #tracer: Tracer;
  /** Spans of requests that have not ended; gone with the request where its end is never told. */
  readonly #open = new WeakMap<RequestIdentity, CallTrace>();

  constructor(private readonly provider: TracerProvider) {
    this.#tracer = provider.getTracer('l104-node', VERSION);
  }

  /** Takes up the trace of a request, or begins one; to be called before anybody asks for the request's identity. */
  arrived(request: IncomingMessage): void {
    const parent = parentOf(request);
    const span = this.#tracer.startSpan('request', { kind: SpanKind.SERVER }, parent);
    const { traceId, spanId, traceFlags } = span.spanContext();
    const identity = placeInTrace(request, { traceId, spanId, flags: flagsOf(traceFlags) });
    if (span.isRecording()) this.#open.set(identity, new CallTrace(this.#tracer, span, parent));
  }

  /** The recorded span of a request; undefined where none is. */
  of(identity: RequestIdentity): CallTrace | undefined {
    return this.#open.get(identity);
  }

  /** Ends the span of a request. */
  finished(finished: RequestFinished): void {
    const { identity } = finished;
    if (identity === undefined) return;
    this.#open.get(identity)?.end(finished, identity.requestId);
    this.#open.delete(identity);
  }

  /** Sends what waits and closes. */
  async close(): Promise<void> {
    await this.provider.shutdown();
  }
}

function parentOf({ headers }: IncomingMessage): Context {
  const header = headers['traceparent'];
  const context = typeof header === 'string' ? parseTraceparent(header) : undefined;
  if (context === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = context;
  const state = headers['tracestate'];
  const known = typeof state === 'string' && state.length <= STATE_LIMIT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(known ? { traceState: createTraceState(state) } : {}),
  });
}
