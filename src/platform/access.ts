import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

/** Compares a secret with a candidate in a time that tells nothing about either. */
export function sameSecret(secret: string, candidate: string): boolean {
  return timingSafeEqual(digest(secret), digest(candidate));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** SHA-256 of a secret in hex, for look-ups among many secrets. */
export function fullHash(secret: string): string {
  return digest(secret).toString('hex');
}

/** Hex digits of a digest by which a key or a client is told apart in logs, traces and metrics. */
export const SHORT_HASH_DIGITS = 8;

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(request: IncomingMessage): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
}

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * True for a caller on this very machine who is not a web page from elsewhere: the peer
 * address is loopback, nothing was forwarded, `Host` is a loopback name (which stops DNS
 * rebinding) and `Origin`, if any, is the node's own.
 */
export function isDirectLoopback(request: IncomingMessage): boolean {
  const { headers, socket } = request;
  const host = headers.host ?? '';
  const origin = headers.origin;
  return (
    LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') &&
    !FORWARDING_HEADERS.some((name) => headers[name] !== undefined) &&
    LOOPBACK_HOST.test(host) &&
    (origin === undefined || origin === `http://${host}`)
  );
}
