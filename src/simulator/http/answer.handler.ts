import { type Answer } from '../domain/answer.js';
import { composeAnswer } from '../domain/compose-answer.js';
import { type Conversation, promptTokens } from '../domain/conversation.js';
import { type Framing, JSON_ARRAY, OPENAI_SSE, SSE } from '../domain/framing.js';
import { objectOf } from '../domain/json.js';
import { nativeBody, nativeStream } from '../domain/native-answer.js';
import { nativeConversation } from '../domain/native-request.js';
import { openAiBody, openAiStream } from '../domain/openai-answer.js';
import { openAiConversation } from '../domain/openai-request.js';
import { type ModelFacts } from '../domain/model-table.js';
import { RpcError } from '../domain/rpc-error.js';
import { type Reply } from '../domain/wire-script.js';
import { type Call, jsonOf } from './call.js';
import { requireFiles } from './named-files.js';
import { jsonReply } from './replies.js';
import { type SimulatorState } from './state.js';

/** `generateContent` and `streamGenerateContent`. */
export function generateNative(state: SimulatorState, call: Call): Reply {
  const answer = answerOf(state, call, nativeConversation(call.model, jsonOf(call)));
  if (call.method === 'generateContent') return jsonReply(nativeBody(answer), sizeOf(answer));
  const framing: Framing = call.query.get('alt') === 'sse' ? SSE : JSON_ARRAY;
  return { kind: 'stream', framing, ...nativeStream(answer) };
}

/** `chat/completions`, in one piece or streamed. */
export function generateOpenAi(state: SimulatorState, call: Call): Reply {
  const body = jsonOf(call);
  const answer = answerOf(state, call, openAiConversation(body));
  const created = Math.floor(state.clock.wall() / 1_000);
  if (body.stream !== true) return jsonReply(openAiBody(answer, created), sizeOf(answer));
  const stream = openAiStream(answer, created, objectOf(body.stream_options)?.include_usage === true);
  // An answer that just stops has no end marker either.
  const framing = call.faults.answer?.kind === 'missingFinish' ? { ...OPENAI_SSE, close: () => '' } : OPENAI_SSE;
  return { kind: 'stream', framing, ...stream };
}

/** `countTokens`, of contents alone or of a whole request. */
export function countTokens(state: SimulatorState, call: Call): Reply {
  const body = jsonOf(call);
  requireModel(state, call);
  requireFiles(state, call);
  const request = objectOf(body.generateContentRequest) ?? body;
  const totalTokens = promptTokens(nativeConversation(call.model, request));
  return jsonReply({ totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] });
}

/** Answers a conversation with what the simulator knows of the model and the cache it names. */
export function answerOf(state: SimulatorState, call: Call, conversation: Conversation): Answer {
  const facts = requireModel(state, call);
  requireFiles(state, call);
  return composeAnswer(conversation, facts, {
    id: state.nextId('sim'),
    voice: state.options.sameTextForAllModels === true ? '' : facts.name,
    cachedTokens: conversation.cachedContent === undefined ? 0 : cachedTokens(state, call, conversation.cachedContent),
    fault: call.faults.answer,
    // A trickle is told by many small events, not by long waits between usual ones.
    pieces: call.faults.pace?.kind === 'throughput' ? [1, 1] : undefined,
  });
}

/** The model a call is for, if it exists and has the method; else Google's 404. */
export function requireModel(state: SimulatorState, call: Call): ModelFacts {
  const collection = call.route.kind === 'model-method' ? call.route.collection : 'models';
  const facts = state.models.find(collection, call.model);
  const method = call.method.endsWith('Interaction') ? 'generateContent' : call.method;
  if (facts?.methods.includes(method) === true) return facts;
  throw new RpcError(
    'NOT_FOUND',
    `${collection}/${call.model} is not found for API version v1beta, or is not supported for ${method}. ` +
      'Call ListModels to see the list of available models and their supported methods.',
  );
}

/** How much an answer is, for pacing. */
export function sizeOf(answer: Answer): { events: number; tokens: number } {
  const pieces = answer.candidates.flatMap((candidate) => candidate.pieces);
  return { events: pieces.length, tokens: pieces.reduce((sum, piece) => sum + piece.tokens, 0) };
}

function cachedTokens(state: SimulatorState, call: Call, name: string): number {
  const cache = state.caches.get(name, call.project);
  if (cache === undefined) throw new RpcError('PERMISSION_DENIED', 'CachedContent not found (or permission denied)');
  return cache.tokens;
}
