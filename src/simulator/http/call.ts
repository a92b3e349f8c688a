import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type MatchedFaults } from '../domain/fault-book.js';
import { type Json, type JsonObject, objectOf, textOf } from '../domain/json.js';
import { type Route, routeOf } from '../domain/route.js';
import { RpcError } from '../domain/rpc-error.js';

/** One request, read. */
export interface Call {
  readonly verb: string;
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as a JSON object, or the reason why it is none. */
  readonly json: JsonObject | RpcError;
  readonly surface: 'native' | 'openai';
  readonly method: string;
  readonly model: string;
  readonly keyHash: string;
  /** The project of the key: files, caches and the like are seen by their own project alone. */
  readonly project: string;
  readonly faults: MatchedFaults;
}

/** What is known of a request before its body is there. */
export interface Address {
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly surface: 'native' | 'openai';
  readonly key: string | undefined;
}

const NO_QUERY = new URLSearchParams();

/** Reads the path, the query and the key of a request. */
export function addressOf(request: IncomingMessage): Address {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const route = routeOf(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? NO_QUERY : new URLSearchParams(url.slice(mark + 1));
  const header = request.headers['x-goog-api-key'];
  const bearer = /^Bearer\s+(\S+)/i.exec(request.headers.authorization ?? '')?.[1];
  const key = (typeof header === 'string' ? header : undefined) ?? query.get('key') ?? bearer;
  return {
    route,
    query,
    surface: route.kind.startsWith('openai') ? 'openai' : 'native',
    key: key === '' ? undefined : key,
  };
}

/** The JSON object in a body; what stands there instead is told as Google tells it. */
export function parseJson(body: Buffer): JsonObject | RpcError {
  if (body.length === 0) return {};
  try {
    const object = objectOf(JSON.parse(body.toString()) as Json);
    return (
      object ??
      new RpcError(
        'INVALID_ARGUMENT',
        'Invalid JSON payload received. Unknown name "": Root element must be a message.',
      )
    );
  } catch {
    return new RpcError('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected token.');
  }
}

/** The body of a call, or the 400 of a body that is not JSON. */
export function jsonOf(call: Call): JsonObject {
  if (call.json instanceof RpcError) throw call.json;
  return call.json;
}

/** Whether a request of this route has a JSON body. */
export function takesJson(route: Route, verb: string): boolean {
  return verb === 'POST' || verb === 'PATCH' ? route.kind !== 'upload' && route.kind !== 'unknown' : false;
}

/** The name of the method a request calls, in Google's terms on every surface. */
export function methodOf(route: Route, verb: string, body: JsonObject | RpcError): string {
  const streams = !(body instanceof RpcError) && body.stream === true;
  switch (route.kind) {
    case 'model-method':
      return route.method;
    case 'models':
    case 'openai-models':
      return route.name === undefined ? 'listModels' : 'getModel';
    case 'openai-chat':
      return streams ? 'streamGenerateContent' : 'generateContent';
    case 'openai-embeddings':
      return 'embedContent';
    case 'upload':
      return 'uploadFile';
    case 'files':
      return resourceMethod(verb, route.id, 'File');
    case 'cachedContents':
      return resourceMethod(verb, route.id, 'CachedContent');
    case 'interactions':
      return route.cancel
        ? 'cancelInteraction'
        : streams
          ? 'streamInteraction'
          : resourceMethod(verb, route.id, 'Interaction');
    case 'unknown':
      return 'unknown';
  }
}

/** The model a request is for; empty when it names none. */
export function modelOf(route: Route, body: JsonObject | RpcError): string {
  if (route.kind === 'model-method') return route.model;
  if ((route.kind === 'models' || route.kind === 'openai-models') && route.name !== undefined) return bare(route.name);
  return body instanceof RpcError ? '' : bare(textOf(body.model) ?? '');
}

function bare(model: string): string {
  return model.startsWith('models/') ? model.slice('models/'.length) : model;
}

function resourceMethod(verb: string, id: string | undefined, resource: string): string {
  if (id === undefined) return verb === 'POST' ? `create${resource}` : `list${resource}s`;
  return `${{ GET: 'get', DELETE: 'delete', PATCH: 'update' }[verb] ?? verb.toLowerCase()}${resource}`;
}
