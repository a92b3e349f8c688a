import { type IncomingMessage } from 'node:http';
import proxyAddress, { compile } from 'proxy-addr';

/** Decides whether a peer is a reverse proxy whose `X-Forwarded-*` headers are believed. */
export type TrustRule = (address: string, hop: number) => boolean;

/** Reads `TRUST_PROXY`: one hop count, or addresses and ranges. */
export function trustRule(trusted: readonly string[]): TrustRule {
  const hops = trusted.length === 1 ? Number(trusted[0]) : Number.NaN;
  if (Number.isInteger(hops)) return (_address, hop) => hop < hops;
  return compile([...trusted]);
}

/**
 * The address of the client, as far as the proxies in front of the node are believed: the nearest one in
 * `X-Forwarded-For` that is no trusted proxy. It is what a proxy wrote, and may be no address at all.
 */
export function clientAddress(request: IncomingMessage, trust: TrustRule): string {
  return proxyAddress(request, trust);
}

/** The address under which the client reached the node, without a slash at the end. */
export function publicOrigin(request: IncomingMessage, publicUrl: string, trust: TrustRule): string {
  if (publicUrl !== '') return publicUrl;
  const { headers, socket } = request;
  const trusted = trust(socket.remoteAddress ?? '', 0);
  const proto = trusted && headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const forwardedHost = trusted ? headers['x-forwarded-host'] : undefined;
  const host = typeof forwardedHost === 'string' ? forwardedHost : headers.host;
  return `${proto}://${host ?? 'localhost'}`;
}

/**
 * The origin that a browser gives the node's pages when it reaches them as this request did: what the request says, or
 * `PUBLIC_URL` where that names the same host, since a proxy may keep to itself that it speaks HTTPS.
 */
export function ownOrigin(request: IncomingMessage, publicUrl: string, trust: TrustRule): string {
  const asked = publicOrigin(request, '', trust);
  if (publicUrl === '') return asked;
  const { host, origin } = new URL(publicUrl);
  return asked.replace(/^https?:\/\//, '') === host ? origin : asked;
}
