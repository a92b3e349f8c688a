import { parseDuration } from '../../kernel/duration.js';
import { type JsonObject, textOf } from '../domain/json.js';
import { promptTokens } from '../domain/conversation.js';
import { nativeConversation } from '../domain/native-request.js';
import { pageOf } from '../domain/page.js';
import { RpcError } from '../domain/rpc-error.js';
import { type Reply } from '../domain/wire-script.js';
import { type Call, jsonOf } from './call.js';
import { requireFiles } from './named-files.js';
import { jsonReply } from './replies.js';
import { type CachedContent, type SimulatorState } from './state.js';

const DEFAULT_TTL_MS = 3_600_000;

/** `cachedContents`: create, list, get, update and delete. */
export function cachedContents(state: SimulatorState, call: Call, id: string | undefined): Reply {
  if (id === undefined) return call.verb === 'POST' ? create(state, call) : list(state, call);
  const name = `cachedContents/${id}`;
  const cache = state.caches.get(name, call.project);
  if (cache === undefined) throw new RpcError('PERMISSION_DENIED', 'CachedContent not found (or permission denied)');
  if (call.verb === 'DELETE') {
    state.caches.delete(name, call.project);
    return jsonReply({});
  }
  return jsonReply(call.verb === 'PATCH' ? keep(state, call, cache) : cache.resource);
}

function create(state: SimulatorState, call: Call): Reply {
  const body = jsonOf(call);
  requireFiles(state, call);
  const tokens = promptTokens(nativeConversation(call.model, body));
  const resource = {
    name: `cachedContents/${state.nextId('c')}`,
    model: `models/${call.model}`,
    displayName: textOf(body.displayName) ?? '',
    createTime: state.isoNow(),
    usageMetadata: { totalTokenCount: tokens },
  };
  return jsonReply(keep(state, call, { resource, tokens }));
}

/** Puts a cache on the shelf with the time to live the request asks for. */
function keep(state: SimulatorState, call: Call, { resource: old, tokens }: CachedContent): JsonObject {
  const body = jsonOf(call);
  const ttl = textOf(body.ttl);
  const keepMs = ttl === undefined ? untilTime(state, textOf(body.expireTime)) : parseDuration(ttl, 's');
  if (keepMs === undefined || keepMs <= 0)
    throw new RpcError('INVALID_ARGUMENT', 'ttl must be a positive duration such as "300s".');
  const resource: JsonObject = { ...old, updateTime: state.isoNow(), expireTime: state.isoNow(keepMs) };
  const cache: CachedContent = { resource, tokens };
  if (!state.caches.put(textOf(old.name) ?? '', cache, { owner: call.project, keepMs })) {
    throw new RpcError('RESOURCE_EXHAUSTED', 'The number of cached contents has reached its limit.');
  }
  return resource;
}

function untilTime(state: SimulatorState, expireTime: string | undefined): number {
  return expireTime === undefined ? DEFAULT_TTL_MS : Date.parse(expireTime) - state.clock.wall();
}

function list(state: SimulatorState, call: Call): Reply {
  const page = pageOf(state.caches.all(call.project), call.query.get('pageSize'), call.query.get('pageToken'));
  const next = page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken };
  return jsonReply({ cachedContents: page.items.map((cache) => cache.resource), ...next });
}
