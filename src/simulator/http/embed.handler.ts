import { DEFAULT_DIMENSIONS, embed, MAX_DIMENSIONS } from '../domain/embedding.js';
import { type Json, type JsonObject, listOf, numberOf, objectOf } from '../domain/json.js';
import { textOfContent } from '../domain/native-request.js';
import { RpcError } from '../domain/rpc-error.js';
import { tokensIn } from '../domain/token-count.js';
import { type Reply } from '../domain/wire-script.js';
import { requireModel } from './answer.handler.js';
import { type Call, jsonOf } from './call.js';
import { jsonReply } from './replies.js';
import { type SimulatorState } from './state.js';

/** The most texts one request may have embedded. */
const MAX_BATCH = 100;

/** `embedContent`: one text, one vector. */
export function embedContent(state: SimulatorState, call: Call): Reply {
  requireModel(state, call);
  return jsonReply({ embedding: { values: vectorOf(call.model, jsonOf(call)) } });
}

/** `batchEmbedContents`: one vector for each request in the list. */
export function batchEmbedContents(state: SimulatorState, call: Call): Reply {
  requireModel(state, call);
  const requests = bounded(listOf(jsonOf(call).requests));
  return jsonReply({
    embeddings: requests.map((request) => ({ values: vectorOf(call.model, objectOf(request) ?? {}) })),
  });
}

/** `embeddings` of the OpenAI endpoint, as numbers or, as its client asks by default, in base64. */
export function embedOpenAi(state: SimulatorState, call: Call): Reply {
  requireModel(state, call);
  const body = jsonOf(call);
  const texts = bounded(typeof body.input === 'string' ? [body.input] : listOf(body.input)).map(String);
  const base64 = body.encoding_format === 'base64';
  const dimensions = dimensionsOf(body.dimensions);
  const data = texts.map((text, index) => {
    const values = embed(call.model, text, dimensions);
    return { object: 'embedding', index, embedding: base64 ? floats(values) : values };
  });
  const tokens = texts.reduce((sum, text) => sum + tokensIn(text.length), 0);
  return jsonReply({ object: 'list', data, model: call.model, usage: { prompt_tokens: tokens, total_tokens: tokens } });
}

function vectorOf(model: string, request: JsonObject): number[] {
  const text = textOfContent(request.content);
  if (text === '') throw new RpcError('INVALID_ARGUMENT', '* EmbedContentRequest.content: content is empty\n');
  return embed(model, text, dimensionsOf(request.outputDimensionality ?? request.output_dimensionality));
}

function dimensionsOf(asked: Json | undefined): number {
  const count = numberOf(asked) ?? DEFAULT_DIMENSIONS;
  if (Number.isInteger(count) && count > 0 && count <= MAX_DIMENSIONS) return count;
  throw new RpcError('INVALID_ARGUMENT', `outputDimensionality must be between 1 and ${MAX_DIMENSIONS}.`);
}

function bounded<T>(requests: readonly T[]): readonly T[] {
  if (requests.length > 0 && requests.length <= MAX_BATCH) return requests;
  throw new RpcError(
    'INVALID_ARGUMENT',
    `* BatchEmbedContentsRequest.requests: between 1 and ${MAX_BATCH} requests can be in one batch\n`,
  );
}

function floats(values: readonly number[]): string {
  return Buffer.from(new Float32Array(values).buffer).toString('base64');
}
