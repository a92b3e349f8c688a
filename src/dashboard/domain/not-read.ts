import { type Child, el } from './element.js';

const REFUSED =
  'Sign in at the top of this page to see this. Without ADMIN_TOKEN it is shown to whoever opens the page on the machine of the node.';

/** Stands where something is not shown to who asks, or is not known. */
export function notRead(why: 'refused' | 'unknown'): Child {
  return el('p', {}, why === 'refused' ? REFUSED : 'Not known yet.');
}
