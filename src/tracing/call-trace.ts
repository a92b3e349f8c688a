import { type Context, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { type RequestFinished } from '../platform/request-context.js';
import { formatTraceparent } from '../kernel/trace-context.js';
import {
  attemptAttributes,
  attemptEndAttributes,
  type AttemptEnd,
  type AttemptFacts,
  type AttributeMap,
  failed,
  requestAttributes,
  spanName,
} from './domain/attributes.js';

/** The span of one attempt at the upstream. */
export interface AttemptTrace {
  /** What the upstream is told: it is asked by this span. */
  readonly traceparent: string;
  end(end: AttemptEnd): void;
}

/** The recorded span of one request, and those of what is done for it. */
export class CallTrace {
  readonly #context: Context;

  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
    parent: Context,
  ) {
    this.#context = trace.setSpan(parent, span);
  }

  /** Begins the span of an attempt. */
  attempt(facts: AttemptFacts): AttemptTrace {
    const name = spanName(facts.operation, facts.model);
    const options = { kind: SpanKind.CLIENT, attributes: attemptAttributes(facts) };
    const span = this.tracer.startSpan(name, options, this.#context);
    return {
      traceparent: traceparentOf(span),
      end: (end) => {
        span.setAttributes(attemptEndAttributes(end));
        if (end.outcome !== 'ok' && end.outcome !== 'aborted') span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  /** Notes what healing did, when it did it. `fields` are those of a log line: numbers, and names that are no secrets. */
  mark(name: string, fields: Readonly<Record<string, unknown>>): void {
    const attributes: AttributeMap = {};
    for (const [field, value] of Object.entries(fields)) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        attributes[`l104.${field}`] = value;
    }
    this.span.addEvent(name, attributes);
  }

  /** Runs an operation on a store in a span of its own. */
  async store<T>(operation: string, work: () => Promise<T>): Promise<T> {
    const attributes = { 'db.operation.name': operation, 'db.namespace': 'memory' };
    const span = this.tracer.startSpan(`${operation} memory`, { kind: SpanKind.CLIENT, attributes }, this.#context);
    try {
      return await work();
    } catch (error) {
      // What the client did wrong, such as a condition that does not hold, comes as an error too: no status is set.
      span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
      throw error;
    } finally {
      span.end();
    }
  }

  /** Ends the span of the request. */
  end(finished: RequestFinished, requestId: string): void {
    const { route, method, status, broken, code, call } = finished;
    this.span.updateName(call === undefined ? `${method} ${route}` : spanName(call.operation, call.asked));
    this.span.setAttributes(requestAttributes({ route, method, status, broken, code, requestId, call }));
    if (call?.healing.includes('coalesced') === true) this.span.addEvent('coalesced');
    if (failed(status, broken)) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

/** The header by which the next hop goes on with a span. */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, flags: flagsOf(traceFlags) });
}

/** Flags as the header writes them. */
export function flagsOf(flags: number): string {
  return flags.toString(16).padStart(2, '0');
}
