import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { bearerOf } from '../platform/access.js';
import { ClientAccess } from '../platform/client-access.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Route, type Surface } from './domain/route.js';
import { geminiSettings } from './gemini.settings.js';

/** Name and value of the header that carries a credential upstream. */
export type CredentialHeader = readonly [string, string];

/** Puts keys into the headers they go upstream in. */
@Injectable()
export class Credentials {
  readonly #ownKeys: boolean;

  constructor(
    @Inject(geminiSettings.KEY) { apiKeys }: SettingsOf<typeof geminiSettings>,
    private readonly access: ClientAccess,
  ) {
    this.#ownKeys = apiKeys.length > 0;
  }

  /** What the client brought, as a header of the surface. A client key of the node is never passed on. */
  ofClient(request: IncomingMessage, route: Pick<Route, 'queryKey' | 'surface'>): CredentialHeader | undefined {
    if (!this.access.open) return undefined;
    const { headers } = request;
    const key = headers['x-goog-api-key'] ?? route.queryKey;
    if (typeof key === 'string' && key !== '') return this.header(route.surface, key);
    const { authorization } = headers;
    return authorization === undefined ? undefined : ['authorization', authorization];
  }

  /** Whom an answer belongs to: the client key that let the client in, else the key it brings where calls are made with it; undefined where all clients are one. */
  holder(request: IncomingMessage, route: Pick<Route, 'queryKey' | 'surface'>): string | undefined {
    if (!this.access.open) return this.#slots(request, route).find((key) => this.access.admits(key));
    return this.#ownKeys ? undefined : this.ofClient(request, route)?.[1];
  }

  /** A short name for the key a client brings, by which its troubles are kept apart; `none` without one. */
  clientId(request: IncomingMessage, route: Pick<Route, 'queryKey' | 'surface'>): string {
    const brought = this.ofClient(request, route)?.[1];
    return brought === undefined ? 'none' : createHash('sha256').update(brought).digest('hex').slice(0, 8);
  }

  /** A key as a header of the surface. */
  header(surface: Surface, key: string): CredentialHeader {
    return surface === 'openai' ? ['authorization', `Bearer ${key}`] : ['x-goog-api-key', key];
  }

  /** The keys a client sent, wherever an SDK puts one. */
  #slots(request: IncomingMessage, route: Pick<Route, 'queryKey'>): string[] {
    const slots = [request.headers['x-goog-api-key'], route.queryKey, bearerOf(request)];
    return slots.filter((key) => typeof key === 'string');
  }
}
