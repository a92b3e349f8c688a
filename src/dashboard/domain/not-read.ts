import { type Child, el } from './element.js';

const REFUSED =
  'Not shown: this needs the rights of an administrator. Without ADMIN_TOKEN they are those of who opens this page on the machine of the node; with it, ask /self with the token.';

/** Stands where something is not shown to who asks, or is not known. */
export function notRead(why: 'refused' | 'unknown'): Child {
  return el('p', {}, why === 'refused' ? REFUSED : 'Not known yet.');
}
