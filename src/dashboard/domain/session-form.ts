import { type Child, el } from './element.js';

/** The access that a page has, as `GET /self/session` tells it. */
export interface AccessReading {
  readonly access: string;
  /** When the session ends, ISO time; null without one. */
  readonly until: string | null;
  /** Whether there is a token to sign in with. */
  readonly signIn: boolean;
}

/** Longest time until a page asks again what access it has, ms: the token may have been changed. */
const ASK_AGAIN_MS = 60_000;

/** Reads the answer; undefined when it is none of a node. */
export function readAccess(body: unknown): AccessReading | undefined {
  const { access, expires_at: until, sign_in: signIn } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof access !== 'string') return undefined;
  return { access, until: typeof until === 'string' ? until : null, signIn: signIn === true };
}

/** What the header offers: a way in, a way out, or nothing where there is neither need nor use for one. */
export function sessionControls({ access, signIn }: AccessReading): Child[] {
  if (access === 'session') return [el('button', { id: 'sign-out', type: 'button' }, 'Sign out')];
  if (access !== 'none' || !signIn) return [];
  const opens = { id: 'sign-in', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'sign-in-form' };
  return [el('button', opens, 'Sign in …')];
}

/** The form to sign in with. The program sends it: without one it is not on the page, as no token must get into an address. */
export function signInForm(): Child {
  return el(
    'form',
    { id: 'sign-in-form', class: 'sign-in', hidden: '', 'aria-label': 'Sign in' },
    // Keepers of passwords store the token under this name.
    el('input', { type: 'text', autocomplete: 'username', value: 'administrator', readonly: '', hidden: '' }),
    el('label', { for: 'sign-in-token' }, 'Admin token'),
    el('input', {
      id: 'sign-in-token',
      type: 'password',
      autocomplete: 'current-password',
      maxlength: '1000',
      required: '',
      'aria-describedby': 'sign-in-error',
    }),
    el('button', { type: 'submit' }, 'Sign in'),
    el('p', { id: 'sign-in-error', class: 'wrong', role: 'alert' }),
  );
}

/** Why a token did not get anybody in, in words; `body` is the problem that the node told. */
export function refusalWords(status: number, body: unknown): string {
  if (status === 400 || status === 401) return 'The node did not take this token.';
  const { detail, retry_after_seconds: wait } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const told = typeof detail === 'string' ? detail : `The node answered ${status}.`;
  return typeof wait === 'number' ? `${told} Try again in ${wait} s.` : told;
}

/** Time until the page is to ask again what access it has, ms: when the session ends, and from time to time. */
export function askAgainMs({ until }: AccessReading, now: number): number {
  const left = until === null ? Number.NaN : Date.parse(until) - now;
  // The clocks of node and reader may differ: where the end seems past already, there is no hurry.
  return left > 0 && left < ASK_AGAIN_MS ? left + 1000 : ASK_AGAIN_MS;
}
