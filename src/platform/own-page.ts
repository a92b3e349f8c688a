import { type IncomingMessage } from 'node:http';

/**
 * Where a request comes from, as the browser says: a page of the node's own; the address bar or a bookmark; a page of
 * another site, which may be next door; or nothing is said, as by programs that are no browser.
 */
export type Sender = 'own page' | 'typed' | 'other page' | 'untold';

/** Where a request to `ownOrigin` comes from. No page can make a browser lie about it. */
export function senderOf({ headers }: IncomingMessage, ownOrigin: string): Sender {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return 'own page';
  if (site === 'none') return 'typed';
  if (site !== undefined) return 'other page';
  // Browsers tell the site on HTTPS and on loopback alone; the origin goes with whatever is to change something.
  if (headers.origin === undefined) return 'untold';
  return headers.origin === ownOrigin ? 'own page' : 'other page';
}
