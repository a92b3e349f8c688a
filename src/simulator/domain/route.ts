/** What a path asks for. */
export type Route =
  | {
      readonly kind: 'model-method';
      readonly collection: 'models' | 'tunedModels';
      readonly model: string;
      readonly method: string;
    }
  | { readonly kind: 'models'; readonly name: string | undefined }
  | { readonly kind: 'openai-chat' | 'openai-embeddings' }
  | { readonly kind: 'openai-models'; readonly name: string | undefined }
  | { readonly kind: 'upload' }
  | { readonly kind: 'files' | 'cachedContents'; readonly id: string | undefined }
  | { readonly kind: 'interactions'; readonly id: string | undefined; readonly cancel: boolean }
  | { readonly kind: 'unknown' };

const UNKNOWN: Route = { kind: 'unknown' };

/** Reads a path without its query; the API version is not looked at beyond its being one. */
export function routeOf(path: string): Route {
  const steps = path.split('/').filter((step) => step !== '');
  const version = steps.shift();
  if (version === 'upload')
    return /^v1(beta|alpha)?$/.test(steps[0] ?? '') && steps[1] === 'files' ? { kind: 'upload' } : UNKNOWN;
  if (!/^v1(beta|alpha)?$/.test(version ?? '') || steps.length === 0 || steps.length > 3) return UNKNOWN;
  const [first = '', second, third] = steps;
  if (first === 'openai') return openAiRoute(second, third, path);
  if (first === 'interactions') return { kind: 'interactions', id: second, cancel: third === 'cancel' };
  if (third !== undefined) return UNKNOWN;
  if (first === 'models' || first === 'tunedModels') return modelRoute(first, second);
  return first === 'files' || first === 'cachedContents' ? { kind: first, id: second } : UNKNOWN;
}

function modelRoute(collection: 'models' | 'tunedModels', encoded: string | undefined): Route {
  if (encoded === undefined) return { kind: 'models', name: undefined };
  const resource = decoded(encoded);
  const colon = resource.lastIndexOf(':');
  if (colon < 0) return { kind: 'models', name: resource };
  return { kind: 'model-method', collection, model: resource.slice(0, colon), method: resource.slice(colon + 1) };
}

function openAiRoute(second: string | undefined, third: string | undefined, path: string): Route {
  if (path.endsWith('/openai/chat/completions')) return { kind: 'openai-chat' };
  if (second === 'embeddings' && third === undefined) return { kind: 'openai-embeddings' };
  if (second === 'models') return { kind: 'openai-models', name: third === undefined ? undefined : decoded(third) };
  return UNKNOWN;
}

/** A broken escape is no reason to fail: the text is then taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
