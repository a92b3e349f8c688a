import { type IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { bearerOf, fullHash, isDirectLoopback, SHORT_HASH_DIGITS } from './access.js';
import { isAction } from './admin-action.js';
import { type AdminSession, newSession, readSession, sealSession, sessionKey, sessionValues } from './admin-session.js';
import { AdminToken } from './admin-token.js';
import { ownOrigin, type TrustRule, trustRule } from './forwarded.js';
import { type Sender, senderOf } from './own-page.js';
import { platformSettings } from './platform.settings.js';
import { CLOCK } from './platform.tokens.js';
import { type SettingsOf } from './settings.js';

/** Who sends a request, as far as administrators are told apart. */
export interface Caller {
  /** By what an administrator is known; `none` for who is none. */
  readonly access: 'token' | 'session' | 'local' | 'none';
  /** `token:` with the beginning of the token's SHA-256, `session:` with its id, `loopback`, or `nobody`. */
  readonly who: string;
  /** When the session ends, ms since the Unix epoch. */
  readonly expiresAt?: number;
  /** Why somebody is not let in; undefined for an administrator. */
  readonly refusal?: GatewayError;
}

/** A session that has been begun. */
export interface Begun {
  /** As in `Caller`. */
  readonly who: string;
  /** Value of the cookie. */
  readonly value: string;
  /** How long it lasts. */
  readonly seconds: number;
}

/** Knows administrators: by the token, by a session that was begun with it, or, where there is no token, by their being here. */
@Injectable()
export class AdminAccess {
  readonly #trust: TrustRule;
  readonly #token: AdminToken;
  /** Undefined where there is no token to sign in with. */
  readonly #key: Buffer | undefined;

  constructor(
    @Inject(platformSettings.KEY) private readonly settings: SettingsOf<typeof platformSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#trust = trustRule(settings.trustProxy);
    this.#token = new AdminToken(settings.adminToken, clock, this.#trust);
    this.#key = settings.adminToken === '' ? undefined : sessionKey(settings.adminToken);
  }

  /** Whether there is a token to sign in with. */
  get signIn(): boolean {
    return this.#key !== undefined;
  }

  /** Who sends a request. What says to be the token is the token or is refused, whatever else comes with it. */
  callerOf(request: IncomingMessage): Caller {
    const token = bearerOf(request);
    const named = token === undefined ? 'nobody' : `token:${fullHash(token).slice(0, SHORT_HASH_DIGITS)}`;
    if (this.#key === undefined) {
      if (isDirectLoopback(request)) return { access: 'local', who: 'loopback' };
      return { access: 'none', who: named, refusal: gatewayError('FORBIDDEN', ONLY_LOCAL) };
    }
    if (token === undefined) return this.#callerBySession(this.#key, request);
    const refusal = this.#token.refusalOf(token, request);
    return refusal === undefined ? { access: 'token', who: named } : { access: 'none', who: named, refusal };
  }

  /** Begins a session for who sends the token. Throws what is wrong with the token, and CONFLICT where there is none. */
  begin(token: string, request: IncomingMessage): Begun {
    if (this.#key === undefined) throw gatewayError('CONFLICT', NOTHING_TO_SIGN_IN_WITH);
    const refusal = this.#token.refusalOf(token, request);
    if (refusal !== undefined) throw refusal;
    const life = this.settings.adminSessionLifeMs;
    const session = newSession(this.clock.wall() + life);
    return { who: whoIn(session), value: sealSession(this.#key, session), seconds: Math.floor(life / 1000) };
  }

  /** Where a request comes from, as the browser says. */
  senderOf(request: IncomingMessage): Sender {
    return senderOf(request, this.originOf(request));
  }

  /** The origin of the node's pages, as the sender of a request sees them. */
  originOf(request: IncomingMessage): string {
    return ownOrigin(request, this.settings.publicUrl, this.#trust);
  }

  #callerBySession(key: Buffer, request: IncomingMessage): Caller {
    const values = sessionValues(request);
    const wall = this.clock.wall();
    const session = values.map((value) => readSession(key, value, wall)).find((read) => read !== undefined);
    if (session === undefined) {
      const text = values.length === 0 ? SEND_TOKEN : `The session has ended: sign in again. ${SEND_TOKEN}`;
      return { access: 'none', who: 'nobody', refusal: gatewayError('UNAUTHENTICATED', text) };
    }
    const who = whoIn(session);
    // A browser sends the cookie for whoever asks: what asks has to be the node's own page.
    const sender = this.senderOf(request);
    if (sender === 'own page' || (sender !== 'other page' && !isAction(request)))
      return { access: 'session', who, expiresAt: session.expiresAt };
    return { access: 'none', who, refusal: gatewayError('FORBIDDEN', ONLY_OWN_PAGE) };
  }
}

const whoIn = ({ id }: AdminSession): string => `session:${id}`;

const SEND_TOKEN = 'Send the admin token as "Authorization: Bearer <token>".';
const ONLY_LOCAL =
  'Without ADMIN_TOKEN only direct calls from this machine are let in. Set ADMIN_TOKEN and send "Authorization: Bearer <token>".';
const ONLY_OWN_PAGE = 'A session counts for what the page of the node asks, and not for pages of others.';
const NOTHING_TO_SIGN_IN_WITH =
  'ADMIN_TOKEN is not set, so there is nothing to sign in with: direct calls from this machine are let in as they are, and no others.';
