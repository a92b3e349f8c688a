/** Names that describe one hop, not the message (RFC 9110 section 7.6.1), and old relatives of them. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
];

/** Headers of every streamed answer, as a flat list: proxies are neither to keep nor to hold back anything of it. */
export const STREAM_HEADERS: readonly string[] = ['cache-control', 'no-store, no-transform', 'x-accel-buffering', 'no'];

/** Never sent upstream: hop by hop, set anew by the node, or none of Google's business. */
const NOT_UPSTREAM = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'expect',
  'authorization',
  'x-goog-api-key',
  'cookie',
  'forwarded',
  'via',
  'x-real-ip',
  'x-request-id',
  'traceparent',
]);

/** Never sent to clients: hop by hop, set anew, or true only for Google's own address. */
const NOT_TO_CLIENT = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'date',
  'server',
  'via',
  'alt-svc',
  'set-cookie',
  'strict-transport-security',
  'server-timing',
  'vary',
  'x-request-id',
  'traceparent',
  'ratelimit',
  'ratelimit-policy',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
]);

/** Headers in which a client tells its deadline in seconds. */
const DEADLINES = new Set(['x-server-timeout', 'x-stainless-timeout']);
/** Gemini refuses a shorter deadline as too short, with 400, s. */
const LEAST_DEADLINE = 10;

/** What the node itself puts into the headers of an attempt. */
export interface AttemptHeaders {
  /** Name and value of the credential, when there is one. */
  readonly credential: readonly [string, string] | undefined;
  readonly traceparent: string;
  /** Ask for an answer that is not compressed, so that it can be inspected. */
  readonly identity: boolean;
  /** Milliseconds until the deadline of the call: the upstream is told no later one. */
  readonly leftMs?: number;
}

/** Headers for the upstream, as a flat list of names and values, from the raw headers of the client's request. */
export function upstreamHeaders(raw: readonly string[], own: AttemptHeaders): string[] {
  const named = connectionTokens(raw);
  const kept: string[] = [];
  /** The client has told its deadline in a header that goes no further. */
  let hurried = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (NOT_UPSTREAM.has(name) || named?.has(name) === true) continue;
    if (name.startsWith('x-l104-') || name.startsWith('x-forwarded-')) {
      hurried ||= name === 'x-l104-deadline-ms' && Number(raw[i + 1]) > 0;
      continue;
    }
    if (name === 'accept-encoding' && own.identity) continue;
    kept.push(name, DEADLINES.has(name) ? secondsLeft(raw[i + 1] as string, own.leftMs) : (raw[i + 1] as string));
  }
  if (hurried && own.leftMs !== undefined && !kept.includes('x-server-timeout')) {
    kept.push('x-server-timeout', secondsLeft('Infinity', own.leftMs));
  }
  if (own.identity) kept.push('accept-encoding', 'identity');
  if (own.credential !== undefined) kept.push(own.credential[0], own.credential[1]);
  kept.push('traceparent', own.traceparent);
  return kept;
}

/** A `Connection` header makes further headers hop by hop by naming them. */
function connectionTokens(raw: readonly string[]): Set<string> | undefined {
  let tokens: Set<string> | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const value = (raw[i + 1] as string).toLowerCase();
    if (value === 'keep-alive' || value === 'close') continue;
    tokens ??= new Set();
    for (const token of value.split(',')) tokens.add(token.trim());
  }
  return tokens;
}

/** Values of response headers as the HTTP client gives them. */
export type UpstreamResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Headers of the upstream's answer that are worth keeping, as a flat list of names and values. */
export function clientHeaders(headers: UpstreamResponseHeaders): string[] {
  const named = namedHops(single(headers['connection']));
  const kept: string[] = [];
  // `for…in` over the plain object of the HTTP client is several times cheaper than its entries.
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || NOT_TO_CLIENT.has(name) || named?.has(name) === true) continue;
    if (name.startsWith('access-control-') || name.startsWith('x-l104-')) continue;
    for (const one of typeof value === 'string' ? [value] : value) kept.push(name, one);
  }
  return kept;
}

/** The further headers that a `Connection` header makes hop by hop. */
function namedHops(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.toLowerCase().split(/\s*,\s*/));
}

/** Whether an answer says that it is a stream of server-sent events. */
export function isEventStream(headers: UpstreamResponseHeaders): boolean {
  return single(headers['content-type'])?.includes('event-stream') ?? false;
}

/** The first value of a header. */
export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value;
}

/** Longest name that is told in a header, characters; real ones have some dozens. */
const NAME_LIMIT = 128;

/**
 * A model's name as the value of a header: names come from callers and from the upstream, and may hold what no header
 * can. Undefined when there is nothing to tell.
 */
export function modelHeader(model: string | undefined): string | undefined {
  const shown = model?.slice(0, NAME_LIMIT).replace(/[^\x20-\x7e]/g, '?');
  return shown === '' ? undefined : shown;
}

/**
 * The deadline a client told, in seconds, or what is left of it for a later attempt: never less than what Gemini takes,
 * unless the client itself told less.
 */
function secondsLeft(told: string, leftMs = Number.POSITIVE_INFINITY): string {
  const least = Number(told) < LEAST_DEADLINE ? 1 : LEAST_DEADLINE;
  const left = Math.max(least, Math.ceil(leftMs / 1000));
  return Number(told) > left ? String(left) : told;
}
