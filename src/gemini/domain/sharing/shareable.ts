import { upstreamHeaders } from '../headers.js';
import { type Route, type Surface } from '../route.js';

/** Calls that change nothing at the upstream; other methods may make something, such as a batch. */
const READING = /^[^?]*:(?:countTokens|embedContent|batchEmbedContents)(?:\?|$)|^\/v1beta\/openai\/embeddings(?:\?|$)/;

/** Whether the answer to a call may be given to another that asks the same. */
export function isShareable({ kind, target }: Pick<Route, 'kind' | 'target'>): boolean {
  return kind === 'generate' || kind === 'chat' || (kind === 'call' && READING.test(target));
}

/** Headers that go upstream without a say in the answer: who made the request and how it is traced, timed and counted. */
const SILENT = new Set([
  'user-agent',
  'x-goog-api-client',
  'accept-encoding',
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  'sentry-trace',
  'x-cloud-trace-context',
  'x-amzn-trace-id',
  'x-correlation-id',
  'x-client-request-id',
  'x-server-timeout',
  'idempotency-key',
]);
const SILENT_PREFIXES = ['x-stainless-', 'x-b3-', 'sec-'];
/** Options of the node that change who may answer or how; nobody is made to wait at another's priority. */
const OPTIONS = ['x-l104-fallback', 'x-l104-resume', 'x-l104-priority'];

/** What of a request's raw headers may change its answer, in an order of its own: whatever goes upstream and is not known to be silent. */
export function tellingHeaders(raw: readonly string[]): string[] {
  const sent = upstreamHeaders(raw, { credential: undefined, traceparent: '', identity: true });
  const telling: string[] = [];
  for (let i = 0; i < sent.length; i += 2) {
    const name = sent[i] as string;
    if (SILENT.has(name) || SILENT_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
    telling.push(`${name}: ${sent[i + 1] as string}`);
  }
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (OPTIONS.includes(name)) telling.push(`${name}: ${raw[i + 1] as string}`);
  }
  return telling.sort();
}

const FINISH: Readonly<Record<Surface, string>> = { gemini: '"finishReason"', openai: '"finish_reason"' };
const BLOCK = '"blockReason"';
/** Longest stretch behind a finish mark that is looked at, bytes. */
const VALUE_BYTES = 96;
const VALUE = /^\s*:\s*(?:null|"(\w*)")/;
const PLAIN_FINISHES = new Set(['STOP', 'MAX_TOKENS', 'stop', 'length', 'tool_calls', 'function_call']);
const NO_FINISHES = new Set([undefined, '', 'FINISH_REASON_UNSPECIFIED']);

/**
 * Whether an answer, whole or streamed, ended for no other reason than that it was said: not blocked, not stopped for safety.
 * It is searched, not parsed: within a JSON text the marks cannot stand, since its quotes are escaped. What only looks like another
 * finish, such as an argument of that name in a function call, counts as one.
 */
export function endsPlainly(surface: Surface, body: Buffer): boolean {
  if (body.includes(BLOCK)) return false;
  const mark = FINISH[surface];
  let finished = false;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) {
    const start = at + mark.length;
    const match = VALUE.exec(body.toString('latin1', start, start + VALUE_BYTES));
    if (match === null) return false;
    if (NO_FINISHES.has(match[1])) continue;
    if (!PLAIN_FINISHES.has(match[1] as string)) return false;
    finished = true;
  }
  return finished;
}

/** Failures of the node itself for which an older answer is none: its own mistake, and its end, which another node makes good. */
const NO_EXCUSE = new Set(['INTERNAL', 'DRAINING']);

/**
 * Whether an older answer may stand in for a failure: trouble of the upstream, of the way to it, or of a node that is full; never what
 * is wrong with the request. `ownCode` is the code of an error the node made itself.
 */
export function staleHelps(status: number, ownCode: string | undefined): boolean {
  if (ownCode !== undefined && NO_EXCUSE.has(ownCode)) return false;
  return status === 429 || status === 408 || status === 499 || (status >= 500 && status !== 501);
}
