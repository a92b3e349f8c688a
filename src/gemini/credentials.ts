import { type IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { bearerOf } from '../platform/access.js';
import { ClientAccess } from '../platform/client-access.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Route, type Surface } from './domain/route.js';
import { geminiSettings } from './gemini.settings.js';

/** Name and value of the header that carries a credential upstream. */
export type CredentialHeader = readonly [string, string];

/** Decides who may call, and with which key a call goes upstream. */
@Injectable()
export class Credentials {
  readonly #keys: readonly string[];
  #next = 0;

  constructor(
    @Inject(geminiSettings.KEY) settings: SettingsOf<typeof geminiSettings>,
    private readonly access: ClientAccess,
  ) {
    // `project:key`: the project matters to quotas, not to the header.
    this.#keys = settings.apiKeys.map((entry) => entry.slice(entry.indexOf(':') + 1));
  }

  /** Whether the client may call: any key slot that an SDK uses may hold the client key. */
  admits(request: IncomingMessage, route: Pick<Route, 'queryKey'>): boolean {
    if (this.access.open) return true;
    const slots = [request.headers['x-goog-api-key'], route.queryKey, bearerOf(request)];
    return slots.some((key) => typeof key === 'string' && this.access.admits(key));
  }

  /**
   * The credential for the upstream: one of the node's own keys, in turn, or, when it has
   * none, what the client brought. A client key of the node is never passed on.
   */
  forUpstream(request: IncomingMessage, route: Pick<Route, 'queryKey' | 'surface'>): CredentialHeader | undefined {
    const own = this.own(route.surface);
    if (own !== undefined || !this.access.open) return own;
    const { headers } = request;
    const key = headers['x-goog-api-key'] ?? route.queryKey;
    if (typeof key === 'string' && key !== '') return header(route.surface, key);
    const { authorization } = headers;
    return authorization === undefined ? undefined : ['authorization', authorization];
  }

  /** The next of the node's own keys, as a header of the surface. */
  own(surface: Surface): CredentialHeader | undefined {
    if (this.#keys.length === 0) return undefined;
    const key = this.#keys[this.#next++ % this.#keys.length] as string;
    return header(surface, key);
  }
}

function header(surface: Surface, key: string): CredentialHeader {
  return surface === 'openai' ? ['authorization', `Bearer ${key}`] : ['x-goog-api-key', key];
}
