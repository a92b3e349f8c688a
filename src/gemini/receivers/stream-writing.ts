import { clientHeaders, STREAM_HEADERS, type UpstreamResponseHeaders } from '../domain/headers.js';
import { type StreamForm } from '../domain/route.js';

/** What ends a stream of each form. */
export const END_MARK: Readonly<Record<StreamForm, string>> = {
  'gemini-sse': '',
  'gemini-array': '\r\n]',
  'openai-sse': 'data: [DONE]\n\n',
};

/** An event of the node's own making, in a stream that has begun. */
export function eventBytes(form: StreamForm, event: Record<string, unknown>): Buffer {
  const json = JSON.stringify(event);
  return Buffer.from(form === 'gemini-array' ? `,\r\n${json}` : `data: ${json}\n\n`);
}

/** Headers of a stream for the client; the upstream's own `cache-control` gives way to the node's. */
export function streamHeaders(upstream: UpstreamResponseHeaders): string[] {
  const headers = [...clientHeaders(upstream), ...STREAM_HEADERS];
  const first = headers.indexOf('cache-control');
  if (first % 2 === 0 && first < headers.lastIndexOf('cache-control')) headers.splice(first, 2);
  return headers;
}
