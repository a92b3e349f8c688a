import { createHmac, scryptSync } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { sameSecret } from './access.js';
import { randomHex } from './identifiers.js';

/** Name of the cookie that carries a session. */
export const SESSION_COOKIE = 'l104_session';

/** An administrator who has signed in with the token, for a time. */
export interface AdminSession {
  /** Tells sessions apart where they are written down; 8 hex digits. */
  readonly id: string;
  /** When it ends, ms since the Unix epoch: it has to mean the same after a restart and in every process. */
  readonly expiresAt: number;
}

/** Cookies of the name that are looked at: pages of neighbouring hosts can set more of them, and must not push the true one out. */
const COOKIES = 4;
const SHAPE = /^(1\.([\da-z]{1,10})\.([\da-f]{8}))\.([\w-]{43})$/;

/**
 * What sessions are sealed with: it comes of the admin token, so that another token ends them all. To make it takes a
 * moment, once in a life of the node: a stolen session must not be a quick way to find out a short token.
 */
export function sessionKey(adminToken: string): Buffer {
  return scryptSync(adminToken, 'l104-node session of an administrator', 32);
}

/** Begins a session that ends at `expiresAt`, in whole seconds. */
export function newSession(expiresAt: number): AdminSession {
  return { id: randomHex(4), expiresAt: Math.floor(expiresAt / 1000) * 1000 };
}

/** A session as a cookie carries it: what it says, and the seal. The node keeps nothing of it. */
export function sealSession(key: Buffer, { id, expiresAt }: AdminSession): string {
  const told = `1.${(expiresAt / 1000).toString(36)}.${id}`;
  return `${told}.${sealOf(key, told)}`;
}

/** The session that a value carries; undefined when this key did not seal it, or it has ended at `wall`. */
export function readSession(key: Buffer, value: string, wall: number): AdminSession | undefined {
  const [, told = '', end = '', id = '', seal = ''] = SHAPE.exec(value) ?? [];
  if (told === '' || !sameSecret(sealOf(key, told), seal)) return undefined;
  const expiresAt = Number.parseInt(end, 36) * 1000;
  return expiresAt > wall ? { id, expiresAt } : undefined;
}

/** The values of the cookies of a request that may carry a session. */
export function sessionValues({ headers }: IncomingMessage): readonly string[] {
  const begin = `${SESSION_COOKIE}=`;
  return (headers.cookie ?? '')
    .split(/; */)
    .filter((pair) => pair.startsWith(begin))
    .slice(0, COOKIES)
    .map((pair) => pair.slice(begin.length));
}

/** The `Set-Cookie` of a session for `seconds`; without a value it takes the cookie away. */
export function sessionCookie(value: string, seconds: number, https: boolean): string {
  const parts = [`${SESSION_COOKIE}=${value}`, 'HttpOnly', 'SameSite=Strict', 'Path=/', `Max-Age=${seconds}`];
  return (https ? [...parts, 'Secure'] : parts).join('; ');
}

function sealOf(key: Buffer, told: string): string {
  return createHmac('sha256', key).update(told).digest('base64url');
}
