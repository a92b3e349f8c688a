import { type IncomingMessage } from 'node:http';
import { type Clock } from '../kernel/clock.js';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { networkOf } from '../kernel/network.js';
import { fullHash, sameSecret } from './access.js';
import { GuessLimit } from './domain/guess-limit.js';
import { clientAddress, type TrustRule } from './forwarded.js';

/**
 * Characters from which on nobody guesses a token, be it of digits alone: there trying is not limited, so that an
 * attacker who shares an address with administrators cannot keep them out.
 */
const BEYOND_GUESSING = 20;

/** The token of administrators, compared with what is sent in its place. */
export class AdminToken {
  readonly #guesses = new GuessLimit();

  constructor(
    private readonly token: string,
    private readonly clock: Clock,
    private readonly trust: TrustRule,
  ) {}

  /** Why a candidate is refused; undefined for the token itself. */
  refusalOf(candidate: string, request: IncomingMessage): GatewayError | undefined {
    if (this.token.length >= BEYOND_GUESSING) return sameSecret(this.token, candidate) ? undefined : wrong();
    const now = this.clock.now();
    const [network, digest] = [this.#networkOf(request), fullHash(candidate)];
    const retryAfterMs = this.#guesses.wait(network, digest, now);
    if (retryAfterMs > 0) return gatewayError('RATE_LIMITED', GUESSED, { retryAfterMs });
    if (sameSecret(this.token, candidate)) return undefined;
    this.#guesses.wrong(network, digest, now);
    return wrong();
  }

  #networkOf(request: IncomingMessage): string {
    const peer = request.socket.remoteAddress ?? '';
    return networkOf(clientAddress(request, this.trust)) ?? networkOf(peer) ?? 'nowhere';
  }
}

const GUESSED =
  'Too many wrong tokens have come from your address. ADMIN_TOKEN is short; with 20 characters or more nobody has to wait.';

function wrong(): GatewayError {
  return gatewayError('UNAUTHENTICATED', 'This is not the admin token. Send it as "Authorization: Bearer <token>".');
}
