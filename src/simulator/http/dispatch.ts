import { faultError, reply as plainReply } from '../domain/fault-error.js';
import { type OutcomeFault } from '../domain/fault-plan.js';
import { checkKey } from '../domain/key-check.js';
import { type Route } from '../domain/route.js';
import { RpcError } from '../domain/rpc-error.js';
import { type Reply } from '../domain/wire-script.js';
import { countTokens, generateNative, generateOpenAi } from './answer.handler.js';
import { cachedContents } from './caches.handler.js';
import { type Call } from './call.js';
import { batchEmbedContents, embedContent, embedOpenAi } from './embed.handler.js';
import { files } from './files.handler.js';
import { interactions } from './interactions.handler.js';
import { nativeModels, openAiModels } from './listing.handler.js';
import { errorReply, pageReply } from './replies.js';
import { type SimulatorState } from './state.js';
import { upload } from './upload.handler.js';

/** The answer to one call, before any fault on the way. */
export function dispatch(state: SimulatorState, call: Call, key: string | undefined): Reply {
  const inList =
    call.surface === 'openai' || (call.method === 'streamGenerateContent' && call.query.get('alt') !== 'sse');
  const { outcome } = call.faults;
  try {
    if (outcome !== undefined) return replaced(call, outcome, inList);
    if (!takesVerb(call.route, call.verb)) return pageReply(404, 'Not Found');
    checkKey(key, state.options.requireKey ?? true);
    if (isGenerating(call)) state.takeQuota(key, call.model);
    return handle(state, call);
  } catch (error) {
    return errorReply(plainReply(error instanceof RpcError ? error : unexpected(error)), inList);
  }
}

/** The one limit that a body can still exceed here is the depth of the stack; anything else is our own fault. */
function unexpected(error: unknown): RpcError {
  if (error instanceof RangeError)
    return new RpcError('INVALID_ARGUMENT', 'Message too deep. Max recursion depth reached.');
  return new RpcError('INTERNAL', `Defect of the simulator: ${String(error)}`);
}

function replaced(call: Call, outcome: OutcomeFault, inList: boolean): Reply {
  if (outcome.kind === 'reset') return { kind: 'reset' };
  if (outcome.kind === 'html200') return pageReply(200, 'Sign in', outcome.contentType);
  const error = faultError(outcome, call.model, call.faults.windowLeftMs);
  return outcome.kind === 'error' && outcome.html ? pageReply(error.status, 'Server Error') : errorReply(error, inList);
}

function handle(state: SimulatorState, call: Call): Reply {
  const { route } = call;
  switch (route.kind) {
    case 'model-method':
      return modelMethod(state, call);
    case 'models':
      return nativeModels(state, call);
    case 'openai-chat':
      return generateOpenAi(state, call);
    case 'openai-embeddings':
      return embedOpenAi(state, call);
    case 'openai-models':
      return openAiModels(state, call);
    case 'upload':
      return upload(state, call);
    case 'files':
      return files(state, call, route.id);
    case 'cachedContents':
      return cachedContents(state, call, route.id);
    case 'interactions':
      return interactions(state, call, route);
    case 'unknown':
      return pageReply(404, 'Not Found');
  }
}

function modelMethod(state: SimulatorState, call: Call): Reply {
  switch (call.method) {
    case 'generateContent':
    case 'streamGenerateContent':
      return generateNative(state, call);
    case 'countTokens':
      return countTokens(state, call);
    case 'embedContent':
      return embedContent(state, call);
    case 'batchEmbedContents':
      return batchEmbedContents(state, call);
    default:
      return pageReply(404, 'Not Found');
  }
}

/** Whether a path has anything to do for a verb; Google's front end knows no such page otherwise. */
function takesVerb(route: Route, verb: string): boolean {
  switch (route.kind) {
    case 'model-method':
    case 'openai-chat':
    case 'openai-embeddings':
      return verb === 'POST';
    case 'models':
    case 'openai-models':
      return verb === 'GET';
    case 'upload':
      return verb === 'POST' || verb === 'PUT';
    case 'files':
      return verb === 'GET' || (verb === 'DELETE' && route.id !== undefined);
    case 'cachedContents':
      return route.id === undefined ? verb === 'GET' || verb === 'POST' : ['GET', 'PATCH', 'DELETE'].includes(verb);
    case 'interactions':
      return route.id === undefined || route.cancel ? verb === 'POST' : verb === 'GET' || verb === 'DELETE';
    case 'unknown':
      return false;
  }
}

function isGenerating(call: Call): boolean {
  const { kind } = call.route;
  if (kind === 'model-method') return call.method !== 'countTokens';
  return kind === 'openai-chat' || kind === 'openai-embeddings' || (kind === 'interactions' && call.verb === 'POST');
}
