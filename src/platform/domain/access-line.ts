import { type CallFacts } from '../../kernel/call-facts.js';
import { failureName } from '../../kernel/failure-name.js';

/** Event name of the line that tells of a request which has ended. */
export const ACCESS_EVENT = 'request_finished';

/** What the line is made of; times in ms. */
interface Logged {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly broken: boolean;
  readonly durationMs: number;
  readonly code: string | undefined;
  readonly call?: CallFacts | undefined;
}

/** Longest text of a client or an upstream in a line, characters: names of models are theirs to choose. */
const TEXT_LIMIT = 128;

type Fields = Record<string, unknown>;

/** Fields of the line in the words of the JSON form; `client` is a short hash. Undefined ones are not written. */
export function accessLine(logged: Logged, client: string | undefined): Fields {
  const { route, method, status, broken, durationMs, code, call } = logged;
  const line: Fields = { event: ACCESS_EVENT, route, method, status };
  if (broken) line['broken'] = true;
  if (code !== undefined) line['error.type'] = failureName(code, status);
  if (client !== undefined) line['client'] = client;
  line['duration_ms'] = rounded(durationMs);
  if (call !== undefined) addCall(line, call);
  return line;
}

function addCall(line: Fields, call: CallFacts): void {
  const { operation, asked, served, key, tokens, firstTokenMs, finishReason, healing } = call;
  if (operation !== undefined) line['operation'] = operation;
  if (asked !== undefined) line['model_asked'] = asked.slice(0, TEXT_LIMIT);
  if (served !== undefined) line['model'] = served.slice(0, TEXT_LIMIT);
  if (key !== undefined && key !== '') line['key'] = key;
  line['streamed'] = call.streamed;
  line['attempts'] = call.attempts;
  if (healing.length > 0) line['healing'] = healing;
  if (firstTokenMs !== undefined) line['first_token_ms'] = rounded(firstTokenMs);
  line['upstream_ms'] = rounded(call.upstreamMs);
  if (call.queueMs > 0) line['queue_ms'] = rounded(call.queueMs);
  if (finishReason !== undefined) line['finish_reason'] = finishReason.slice(0, TEXT_LIMIT);
  if (tokens === undefined) return;
  line['tokens_input'] = tokens.input;
  line['tokens_output'] = tokens.output;
  if (tokens.thoughts > 0) line['tokens_thoughts'] = tokens.thoughts;
  if (tokens.cached > 0) line['tokens_cached'] = tokens.cached;
}

/** The line under the names of the Elastic Common Schema; durations there are in nanoseconds. */
export function ecsAccess(line: Fields): Fields {
  const { status, method, duration_ms: duration, broken, ...rest } = line;
  const failed = broken === true || Number(status) >= 400;
  return {
    ...rest,
    'event.category': ['web'],
    'event.outcome': failed ? 'failure' : 'success',
    'event.duration': Math.round(Number(duration) * 1e6),
    'http.request.method': method,
    'http.response.status_code': status,
    ...(broken === undefined ? {} : { broken }),
  };
}

/** The line with the `httpRequest` that Google Cloud shows in its own column. */
export function gcpAccess(line: Fields): Fields {
  const { status, method, duration_ms: duration, ...rest } = line;
  const latency = `${(Number(duration) / 1000).toFixed(6)}s`;
  return { ...rest, httpRequest: { requestMethod: method, status, latency } };
}

/** To a tenth of a ms, which is what a reader can use. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
