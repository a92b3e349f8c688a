import { type JsonObject } from '../domain/json.js';
import { type ModelFacts } from '../domain/model-table.js';
import { pageOf } from '../domain/page.js';
import { RpcError } from '../domain/rpc-error.js';
import { type Reply } from '../domain/wire-script.js';
import { type Call } from './call.js';
import { jsonReply } from './replies.js';
import { type SimulatorState } from './state.js';

/** `GET models` and `GET models/{name}` of the native API. */
export function nativeModels(state: SimulatorState, call: Call): Reply {
  if (call.method === 'getModel') return jsonReply(nativeModel(modelNamed(state, call)));
  const page = pageOf(state.models.all, call.query.get('pageSize'), call.query.get('pageToken'));
  const next = page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken };
  return jsonReply({ models: page.items.map(nativeModel), ...next });
}

/** `GET models` and `GET models/{name}` of the OpenAI endpoint. */
export function openAiModels(state: SimulatorState, call: Call): Reply {
  if (call.method === 'getModel') return jsonReply(openAiModel(modelNamed(state, call)));
  return jsonReply({ object: 'list', data: state.models.all.map(openAiModel) });
}

function modelNamed(state: SimulatorState, call: Call): ModelFacts {
  const facts = state.models.find('models', call.model);
  if (facts === undefined)
    throw new RpcError('NOT_FOUND', `Model is not found: models/${call.model} for api version v1beta`);
  return facts;
}

function nativeModel(facts: ModelFacts): JsonObject {
  return {
    name: `models/${facts.name}`,
    version: '001',
    displayName: facts.displayName,
    description: `Simulated ${facts.displayName}`,
    inputTokenLimit: facts.inputTokenLimit,
    outputTokenLimit: facts.outputTokenLimit,
    supportedGenerationMethods: facts.methods,
    ...(facts.thinking && { thinking: true }),
  };
}

function openAiModel(facts: ModelFacts): JsonObject {
  return { id: `models/${facts.name}`, object: 'model', owned_by: 'google', display_name: facts.displayName };
}
