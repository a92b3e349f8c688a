import { type IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { bearerOf, fullHash } from '../platform/access.js';
import { ClientAccess } from '../platform/client-access.js';
import { clientAddress, type TrustRule, trustRule } from '../platform/forwarded.js';
import { platformSettings } from '../platform/platform.settings.js';
import { CLIENTS_BRING_KEYS } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { networkOf } from '../kernel/network.js';

/** Who sent a request, as far as limits go. */
export interface Client {
  /** What the client is known by: the digest of its key, or its network. */
  readonly name: string;
  /** The network behind a name that anybody could make up; undefined where the name is beyond doubt. */
  readonly network: string | undefined;
  /** False when client keys are configured and the request brings none of them. */
  readonly admitted: boolean;
}

/** Name of a client whose address is not known, because its connection is gone. */
const NOWHERE = 'nowhere';

/** Tells clients apart (docs/adr/0010-rate-limit.md): by a key where a key means something, else by their address. */
@Injectable()
export class Clients {
  readonly #trust: TrustRule | undefined;

  constructor(
    @Inject(platformSettings.KEY) { trustProxy }: SettingsOf<typeof platformSettings>,
    @Inject(CLIENTS_BRING_KEYS) private readonly bringKeys: boolean,
    private readonly access: ClientAccess,
  ) {
    this.#trust = trustProxy.length === 0 ? undefined : trustRule(trustProxy);
  }

  /** The client behind a request; `queryKey` is the key from its address. */
  of(request: IncomingMessage, queryKey: unknown): Client {
    if (!this.access.open) {
      for (const key of keysOf(request, queryKey)) {
        const name = this.access.nameOf(key);
        if (name !== undefined) return { name, network: undefined, admitted: true };
      }
      return { name: this.#network(request), network: undefined, admitted: false };
    }
    const network = this.#network(request);
    const [key] = this.bringKeys ? keysOf(request, queryKey) : [];
    if (key === undefined) return { name: network, network: undefined, admitted: true };
    return { name: fullHash(key), network, admitted: true };
  }

  #network(request: IncomingMessage): string {
    const peer = request.socket.remoteAddress ?? '';
    const address = this.#trust === undefined ? peer : clientAddress(request, this.#trust);
    // A proxy that passes on what is no address answers for it itself.
    return networkOf(address) ?? networkOf(peer) ?? NOWHERE;
  }
}

/** The keys that a request brings, in the order in which they would go upstream. */
function keysOf(request: IncomingMessage, queryKey: unknown): string[] {
  const slots = [request.headers['x-goog-api-key'], queryKey, bearerOf(request)];
  return slots.filter((key): key is string => typeof key === 'string' && key !== '');
}
