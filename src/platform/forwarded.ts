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
