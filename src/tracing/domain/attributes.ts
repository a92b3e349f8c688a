/**
 * Names of spans and their attributes, in one place because the conventions are still in development: OpenTelemetry's
 * semantic conventions for GenAI clients, HTTP and databases; what they have no word for is `l104.*`.
 */
import { failureName } from '../../kernel/failure-name.js';
import { type FinishedCall } from './finished-call.js';

/** Values that attributes take here. */
export type AttributeValue = string | number | boolean | string[];
export type AttributeMap = Record<string, AttributeValue>;

/** Longest name from a client or an upstream in a span, characters; no prompt fits into it by accident. */
const NAME_LIMIT = 128;
const PROVIDER = 'gcp.gemini';

/** One attempt at the upstream, as it begins. */
export interface AttemptFacts {
  readonly operation: string | undefined;
  readonly model: string | undefined;
  /** Short hash of the key; empty where the client's own is used unnamed. */
  readonly key: string;
  readonly streamed: boolean;
  /** Which attempt of its call it is, from 1. */
  readonly number: number;
  /** The fate of its circuit hangs on it. */
  readonly probe: boolean;
  /** How a broken answer is gone on with, where this attempt does. */
  readonly resume: string | undefined;
  /** Scheme, host and port of the upstream. */
  readonly origin: string;
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly outcome: string;
  /** HTTP status of the upstream, where it gave one. */
  readonly status: number | undefined;
  /** The node's word for what went wrong. */
  readonly code: string | undefined;
  readonly generation: number;
}

/** `{operation} {model}`, or what is known of it. */
export function spanName(operation: string | undefined, model: string | undefined): string {
  if (operation === undefined) return 'passthrough';
  return model === undefined || model === '' ? operation : `${operation} ${model.slice(0, NAME_LIMIT)}`;
}

/** Attributes of an attempt that begins. */
export function attemptAttributes(facts: AttemptFacts): AttributeMap {
  const { operation, model, key, number, probe, resume, origin } = facts;
  const { hostname, port, protocol } = new URL(origin);
  const attributes: AttributeMap = {
    'gen_ai.provider.name': PROVIDER,
    'gen_ai.request.stream': facts.streamed,
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    'l104.attempt': number,
    'l104.circuit.probe': probe,
  };
  if (operation !== undefined) attributes['gen_ai.operation.name'] = operation;
  if (model !== undefined) attributes['gen_ai.request.model'] = model.slice(0, NAME_LIMIT);
  if (key !== '') attributes['l104.key'] = key;
  if (number > 1) attributes['http.request.resend_count'] = number - 1;
  if (resume !== undefined) attributes['l104.resume'] = resume;
  return attributes;
}

/** Attributes of an attempt that has ended. */
export function attemptEndAttributes({ outcome, status, code, generation }: AttemptEnd): AttributeMap {
  const attributes: AttributeMap = { 'l104.outcome': outcome, 'l104.pool.generation': generation };
  if (status !== undefined) attributes['http.response.status_code'] = status;
  if (outcome !== 'ok' && outcome !== 'aborted') attributes['error.type'] = errorType(status, code, outcome);
  return attributes;
}

/** `error.type`: the upstream's status, `timeout`, the node's own code, or `_OTHER`. */
export function errorType(status: number | undefined, code: string | undefined, outcome?: string): string {
  return code === undefined && outcome === 'timeout' ? 'timeout' : failureName(code, status);
}

/** Attributes of a request that has ended. */
export function requestAttributes({
  route,
  method,
  status,
  broken,
  code,
  requestId,
  call,
}: FinishedCall): AttributeMap {
  const attributes: AttributeMap = {
    'http.request.method': method,
    'http.response.status_code': status,
    'l104.route': route,
    'l104.request_id': requestId,
  };
  if (failed(status, broken)) attributes['error.type'] = errorType(status, code);
  if (broken) attributes['l104.broken'] = true;
  if (call === undefined) return attributes;
  const { operation, asked, served, tokens, finishReason, firstTokenMs, key, healing } = call;
  attributes['gen_ai.provider.name'] = PROVIDER;
  attributes['gen_ai.request.stream'] = call.streamed;
  attributes['l104.attempts'] = call.attempts;
  attributes['l104.queue_ms'] = call.queueMs;
  if (operation !== undefined) attributes['gen_ai.operation.name'] = operation;
  if (asked !== undefined) attributes['gen_ai.request.model'] = asked.slice(0, NAME_LIMIT);
  if (served !== undefined) attributes['gen_ai.response.model'] = served.slice(0, NAME_LIMIT);
  if (key !== undefined && key !== '') attributes['l104.key'] = key;
  if (healing.length > 0) attributes['l104.healing'] = [...healing];
  if (firstTokenMs !== undefined) attributes['gen_ai.response.time_to_first_chunk'] = firstTokenMs / 1000;
  if (finishReason !== undefined) attributes['gen_ai.response.finish_reasons'] = [finishReason.slice(0, NAME_LIMIT)];
  if (tokens === undefined) return attributes;
  attributes['gen_ai.usage.input_tokens'] = tokens.input;
  // The convention counts thoughts in.
  attributes['gen_ai.usage.output_tokens'] = tokens.output + tokens.thoughts;
  if (tokens.cached > 0) attributes['gen_ai.usage.cache_read.input_tokens'] = tokens.cached;
  if (tokens.thoughts > 0) attributes['gen_ai.usage.reasoning.output_tokens'] = tokens.thoughts;
  return attributes;
}

/** Whether a request counts as failed on the node's side: what clients do wrong, or their leaving, is no error of a server. */
export function failed(status: number, broken: boolean): boolean {
  return broken || status >= 500;
}
