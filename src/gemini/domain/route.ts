/** The dialects of the API the node serves to clients of Gemini. */
export type Surface = 'gemini' | 'openai';

/** Forms in which an answer can be streamed. */
export type StreamForm = 'gemini-sse' | 'gemini-array' | 'openai-sse';

/** Where a request goes and how it is treated. */
export interface Route {
  readonly surface: Surface;
  /**
   * `generate` and `chat` are inspected and protected, `call` is buffered both ways,
   * `passthrough` carries bytes of any size either way and is not looked into.
   */
  readonly kind: 'generate' | 'chat' | 'call' | 'passthrough';
  /** Path and query for the upstream, without the key. */
  readonly target: string;
  /** Model named in the path, without `models/`. */
  readonly model: string | undefined;
  /** Form of the stream a native client asked for; OpenAI clients ask for it in the body. */
  readonly stream: StreamForm | undefined;
  /** API key from the query. */
  readonly queryKey: string | undefined;
}

/** A request that is ours but cannot be served. */
export interface Refusal {
  readonly surface: Surface;
  readonly refused: string;
}

const OURS = /^\/(?:v1|v1beta|v1alpha|upload|download)(?:\/|$)/;
// Dot segments, also encoded, and empty ones could leave the prefix that decided the route.
const UNSAFE_PATH = /\/(?:\.|%2e){1,2}(?:\/|$)|\/\/|\\|[^\x21-\x7e]/i;
const ONLY_OPENAI = /^\/v1\/(?:chat|embeddings|completions|responses|images|audio|batches)(?:\/|$)/;
const MODEL_METHOD = /^\/(v1beta|v1alpha|v1)\/((?:models|tunedModels)\/[^/:]+):(\w+)$/;

/**
 * Decides what becomes of a request by method, address and style of authentication;
 * undefined when it is none of the API of Gemini. `googleAuth` says that the client sent
 * `x-goog-api-key`, which tells the dialects of `/v1/models` apart.
 */
export function routeOf(method: string, url: string, googleAuth: boolean): Route | Refusal | undefined {
  if (!OURS.test(url)) return undefined;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? NO_QUERY : readQuery(url.slice(mark + 1));
  const native = nativeCall(method, path, query);
  if (native !== undefined) return native;
  const google = googleAuth || query.key !== undefined;
  const surface = surfaceOf(path, google);
  if (UNSAFE_PATH.test(path))
    return { surface, refused: 'The path holds segments or characters that are not allowed.' };
  return surface === 'openai' ? openaiCall(method, path, query) : passthrough('gemini', path, query);
}

/** Only on routes that both dialects have does the style of authentication decide. */
function surfaceOf(path: string, google: boolean): Surface {
  if (path.startsWith('/v1beta/openai/') || ONLY_OPENAI.test(path)) return 'openai';
  return path.startsWith('/v1/') && !google ? 'openai' : 'gemini';
}

function nativeCall(method: string, path: string, query: Query): Route | undefined {
  const match = method === 'POST' ? MODEL_METHOD.exec(path) : null;
  if (match === null || UNSAFE_PATH.test(path)) return undefined;
  const [, , resource = '', verb = ''] = match;
  const streamed = verb === 'streamGenerateContent';
  return {
    surface: 'gemini',
    kind: streamed || verb === 'generateContent' ? 'generate' : 'call',
    target: path + query.rest,
    model: resource.startsWith('models/') ? resource.slice(7) : resource,
    stream: streamed ? (query.sse ? 'gemini-sse' : 'gemini-array') : undefined,
    queryKey: query.key,
  };
}

function openaiCall(method: string, path: string, query: Query): Route {
  const name = path.startsWith('/v1/') ? path.slice(4) : path.slice('/v1beta/openai/'.length);
  const target = `/v1beta/openai/${name}${query.rest}`;
  const kind = method !== 'POST' ? 'passthrough' : name === 'chat/completions' ? 'chat' : buffered(name);
  return { surface: 'openai', kind, target, model: undefined, stream: undefined, queryKey: query.key };
}

/** Files may be large and are sent as forms, so they are not buffered. */
function buffered(name: string): 'call' | 'passthrough' {
  return name === 'embeddings' ? 'call' : 'passthrough';
}

function passthrough(surface: Surface, path: string, query: Query): Route {
  const model = /^\/v1(?:beta|alpha)?\/models\/([^/:]+)$/.exec(path)?.[1];
  return { surface, kind: 'passthrough', target: path + query.rest, model, stream: undefined, queryKey: query.key };
}

interface Query {
  /** The query without the key, with its `?`; empty when nothing is left. */
  readonly rest: string;
  readonly key: string | undefined;
  readonly sse: boolean;
}

const NO_QUERY: Query = { rest: '', key: undefined, sse: false };

/** Parameters keep their bytes and order; only the key is taken out, so that it never reaches a log. */
function readQuery(query: string): Query {
  if (query === 'alt=sse') return { rest: '?alt=sse', key: undefined, sse: true };
  const kept: string[] = [];
  let key: string | undefined;
  let sse = false;
  for (const part of query.split('&')) {
    if (part.startsWith('key=')) {
      key = decodedKey(part.slice(4));
      continue;
    }
    if (part === 'alt=sse' || part === '$alt=sse' || part === '%24alt=sse') sse = true;
    kept.push(part);
  }
  return { rest: kept.length === 0 || query === '' ? '' : `?${kept.join('&')}`, key, sse };
}

/** A key that no header can carry stays as it was written: it is a wrong one, and Gemini says so. */
function decodedKey(text: string): string {
  try {
    const key = decodeURIComponent(text);
    return /^[\x21-\x7e]*$/.test(key) ? key : text;
  } catch {
    return text;
  }
}
