import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { bearerOf, fullHash } from './access.js';
import { platformSettings } from './platform.settings.js';
import { type SettingsOf } from './settings.js';

/** Hex digits of a key's digest that name what belongs to it: 128 bits, so that no two keys share a name. */
const NAMESPACE_DIGITS = 32;

/** Knows the keys that clients may use; with none configured everybody is let in. */
@Injectable()
export class ClientAccess {
  /** Digests, so that a look-up takes the same steps whatever part of a key is right. */
  readonly #digests: ReadonlySet<string>;

  constructor(@Inject(platformSettings.KEY) settings: SettingsOf<typeof platformSettings>) {
    this.#digests = new Set(settings.clientApiKeys.map(fullHash));
  }

  /** True when no client keys are configured. */
  get open(): boolean {
    return this.#digests.size === 0;
  }

  /** Whether a key, as a client sent it, is one of the configured ones. */
  admits(key: string | undefined): boolean {
    return this.open || (key !== undefined && this.nameOf(key) !== undefined);
  }

  /** A name for the client that sends one of the configured keys; undefined for any other key. */
  nameOf(key: string): string | undefined {
    const digest = fullHash(key);
    return this.#digests.has(digest) ? digest : undefined;
  }

  /**
   * What the things of the client are stored under: a digest of the first configured key that the request brings, in
   * whatever slot an SDK uses; '' where everybody is let in. Stored with people's data: it must stay the same for a key
   * for ever. Throws UNAUTHENTICATED where the client is to be refused.
   */
  namespaceOf(request: Request): string {
    if (this.open) return '';
    const slots = [request.get('x-goog-api-key'), request.query['key'], bearerOf(request)];
    for (const key of slots) {
      const name = typeof key === 'string' ? this.nameOf(key) : undefined;
      if (name !== undefined) return name.slice(0, NAMESPACE_DIGITS);
    }
    throw gatewayError('UNAUTHENTICATED', 'Send a client key in x-goog-api-key, ?key= or "Authorization: Bearer".');
  }
}

/** Guards Nest routes that clients call: the key may come in any slot an SDK uses. */
@Injectable()
export class ClientGuard implements CanActivate {
  constructor(private readonly access: ClientAccess) {}

  canActivate(context: ExecutionContext): boolean {
    this.access.namespaceOf(context.switchToHttp().getRequest<Request>());
    return true;
  }
}
