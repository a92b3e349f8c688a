import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ClientAccess } from '../platform/client-access.js';
import { type Route, type Surface } from './domain/route.js';

/** Name and value of the header that carries a credential upstream. */
export type CredentialHeader = readonly [string, string];

/** Puts keys into the headers they go upstream in. */
@Injectable()
export class Credentials {
  constructor(private readonly access: ClientAccess) {}

  /** What the client brought, as a header of the surface. A client key of the node is never passed on. */
  ofClient(request: IncomingMessage, route: Pick<Route, 'queryKey' | 'surface'>): CredentialHeader | undefined {
    if (!this.access.open) return undefined;
    const { headers } = request;
    const key = headers['x-goog-api-key'] ?? route.queryKey;
    if (typeof key === 'string' && key !== '') return this.header(route.surface, key);
    const { authorization } = headers;
    return authorization === undefined ? undefined : ['authorization', authorization];
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
}
