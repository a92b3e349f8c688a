import { type IncomingMessage } from 'node:http';
import { AnswerTap } from './answer-tap.js';
import { parseJson } from './domain/json-scan.js';
import { single, type UpstreamResponseHeaders } from './domain/headers.js';
import { type KeyPool } from './domain/quota/key-pool.js';
import { nameInBody, namesInAnswer, namesInPath, previousInteraction, uploadIn } from './domain/quota/resource-name.js';
import { type Route } from './domain/route.js';
import { type AttemptListener } from './upstream-attempt.js';

/** Headers that tell where an upload goes on. */
const UPLOAD_HEADERS = ['x-goog-upload-url', 'location'];

/**
 * Keeps files, cached contents and whatever else belongs to a project with the keys of that project: learns from answers
 * whose they are, and finds their names in later calls. With the keys of one project, or none, it does nothing.
 */
export class ResourceBinding {
  constructor(private readonly pool: KeyPool) {}

  /** The resource a call names whose key is known, by its path or its body; undefined when there is none. */
  named(route: Route, body?: Buffer): string | undefined {
    if (this.#idle) return undefined;
    const known = (name: string): boolean => this.pool.isBound(name);
    const inPath = namesInPath(route.target).find(known);
    if (inPath !== undefined || body === undefined) return inPath;
    const previous = route.kind === 'passthrough' ? previousInteraction(body) : undefined;
    return previous !== undefined && known(previous) ? previous : nameInBody(body, known);
  }

  /** Whether the body of a call that passes through may name a resource, and is to be read first: JSON, within `limit` bytes. */
  wantsBody({ method, headers }: IncomingMessage, { target }: Route, limit: number): boolean {
    if (this.#idle || method === 'GET' || target.startsWith('/upload/')) return false;
    const length = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : 1;
    return length > 0 && length <= limit && headers['content-type']?.includes('json') === true;
  }

  /** Whether the answer to a call is listened to: it may tell of something made, gone, or belonging to what was asked for. */
  listens({ method }: IncomingMessage, route: Route): boolean {
    if (this.pool.projects < 2 || (route.kind !== 'passthrough' && route.kind !== 'call')) return false;
    if (method !== 'GET') return method !== 'HEAD';
    return !route.target.includes(':download') && this.named(route) !== undefined;
  }

  /** A listener that learns from the answer to an attempt made with a key. */
  tap(listener: AttemptListener, key: string, { method }: IncomingMessage, { target }: Route): AttemptListener {
    const gone = method === 'DELETE';
    return new AnswerTap(listener, {
      head: (headers) => {
        if (gone) this.#forget(namesInPath(target)[0]);
        else this.#upload(headers, key);
      },
      said: (json) => {
        // Vectors and counts, which are most of what comes by here, hold neither.
        if (gone || !(json.includes('s/') || json.includes('"id"'))) return;
        for (const name of namesInAnswer(parseJson(json), target)) this.pool.bind(name, key);
      },
    });
  }

  get #idle(): boolean {
    return this.pool.projects < 2 || this.pool.bound === 0;
  }

  #upload(headers: UpstreamResponseHeaders, key: string): void {
    for (const header of UPLOAD_HEADERS) {
      const upload = uploadIn(single(headers[header]) ?? '');
      if (upload !== undefined) this.pool.bind(upload, key);
    }
  }

  #forget(name: string | undefined): void {
    if (name !== undefined) this.pool.unbind(name);
  }
}
