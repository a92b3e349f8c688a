import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A span as OTLP/JSON carries it, with its attributes as a plain object. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly status: { readonly code?: number };
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A collector of traces. */
export interface Collector {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Whatever was sent, as text. */
  readonly bodies: string[];
  /** Content types of what was sent. */
  readonly types: Set<string>;
  /** Waits until so many spans of a trace are there. */
  trace(traceId: string, spans: number): Promise<ReceivedSpan[]>;
  close(): Promise<void>;
}

interface Pair {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

/** Starts a collector; a frozen one takes everything and answers nothing. */
export async function startCollector(frozen = false): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const types = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('latin1');
      bodies.push(body);
      types.add(request.headers['content-type'] ?? '');
      // Metrics are pushed to the same collector.
      const json = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json';
      if (json) take(JSON.parse(body) as Batch, spans);
      if (!frozen) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    types,
    async trace(traceId, count) {
      const found = (): ReceivedSpan[] => spans.filter((span) => span.traceId === traceId);
      for (let i = 0; i < 200 && found().length < count; i++) await sleep(25);
      return found();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'events' | 'resource'> & {
        readonly attributes: readonly Pair[];
        readonly events: readonly { readonly name: string }[];
      })[];
    }[];
  }[];
}

function take({ resourceSpans }: Batch, into: ReceivedSpan[]): void {
  for (const { resource, scopeSpans } of resourceSpans) {
    for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
      const events = span.events.map(({ name }) => name);
      into.push({ ...span, events, attributes: plain(span.attributes), resource: plain(resource.attributes) });
    }
  }
}

function plain(pairs: readonly Pair[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: Record<string, unknown>): unknown {
  const array = value['arrayValue'] as { values: Record<string, unknown>[] } | undefined;
  return array === undefined ? Object.values(value)[0] : array.values.map(valueOf);
}
