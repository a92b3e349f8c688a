import { type ReaderClock } from '../domain/moment.js';
import {
  type AccessReading,
  askAgainMs,
  readAccess,
  refusalWords,
  sessionControls,
  signInForm,
} from '../domain/session-form.js';
import { type PageDocument, type PageElement, type PageField, toDom } from './dom.js';

/** Longest wait for an answer, ms. */
const ANSWER_MS = 4000;
const SESSION = '/self/session';

/** A field whose text can be chosen as a whole. */
interface TextField extends PageField {
  select(): void;
}

/**
 * Puts signing in and out into the header. Whenever the access of the page has changed the document hears `l104:look`:
 * what was refused may be asked for again.
 */
export function mountSession(document: PageDocument, clock: ReaderClock): void {
  void new SessionPart(document, clock).start();
}

class SessionPart {
  #known: AccessReading | undefined;
  #sending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly document: PageDocument,
    private readonly clock: ReaderClock,
  ) {}

  async start(): Promise<void> {
    // Somebody may have signed in or out in another tab.
    this.document.addEventListener('visibilitychange', () => void this.#look());
    await this.#look();
  }

  /** Asks what access the page has; false when the node did not tell. */
  async #look(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.document.visibilityState === 'hidden') return false;
    const found = await ask('GET')
      .then((response) => response.json())
      .then(readAccess, () => undefined);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), askAgainMs(found ?? UNKNOWN, Date.now()));
    if (found === undefined) return false;
    const before = this.#known;
    this.#known = found;
    if (before?.access === found.access && before.until === found.until && before.signIn === found.signIn) return true;
    this.#draw(found, before);
    if (before !== undefined) this.document.dispatchEvent(new Event('l104:look'));
    return true;
  }

  #draw(now: AccessReading, before: AccessReading | undefined): void {
    const focused = (this.document.activeElement?.closest('#session, #sign-in-place') ?? null) !== null;
    const parts = sessionControls(now).map((part) => toDom(this.document, part));
    const form = now.access === 'none' && parts.length > 0 ? [toDom(this.document, signInForm())] : [];
    this.#element('session').replaceChildren(...parts);
    this.#element('sign-in-place').replaceChildren(...form);
    const until = now.until === null ? '' : `Signed in until ${this.clock(Date.parse(now.until))}.`;
    this.#say(until === '' && before?.access === 'session' ? 'You are signed out.' : until);
    const first = now.access === 'session' ? 'sign-out' : 'sign-in';
    if (parts.length > 0) this.#listen(first);
    // Who has just pressed a button that is gone goes on at the one in its place.
    if (focused && parts.length > 0) this.#element(first).focus();
  }

  #listen(first: 'sign-in' | 'sign-out'): void {
    if (first === 'sign-out') {
      this.#element(first).addEventListener('click', () => void this.#signOut());
      return;
    }
    const form = this.#element('sign-in-form');
    this.#element(first).addEventListener('click', () => {
      this.#open(form.hidden);
    });
    form.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#open(false);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#signIn();
    });
  }

  #open(open: boolean): void {
    this.#element('sign-in-form').hidden = !open;
    this.#element('sign-in').setAttribute('aria-expanded', String(open));
    const token = this.#token();
    if (!open) token.value = '';
    this.#wrong('');
    (open ? token : this.#element('sign-in')).focus();
  }

  async #signIn(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    const token = this.#token();
    const words = await this.#send(token.value).catch(() => 'The node did not answer.');
    this.#sending = false;
    if (words === undefined) return;
    this.#wrong(words);
    token.focus();
    token.select();
  }

  /** Sends the token; undefined when the page is signed in, else what went wrong. */
  async #send(token: string): Promise<string | undefined> {
    const response = await ask('POST', { token });
    if (!response.ok) return refusalWords(response.status, await response.json().catch(() => undefined));
    if (!(await this.#look())) throw new Error('no answer');
    return this.#known?.access === 'session'
      ? undefined
      : 'The node took the token, but this browser keeps no cookies.';
  }

  async #signOut(): Promise<void> {
    const done = await ask('DELETE').then(
      ({ ok }) => ok,
      () => false,
    );
    if (!done || !(await this.#look())) this.#say('The node did not answer: try again to sign out.');
  }

  #wrong(words: string): void {
    this.#element('sign-in-error').textContent = words;
    this.#token().setAttribute('aria-invalid', String(words !== ''));
  }

  #say(words: string): void {
    this.#element('session-said').textContent = words;
  }

  #token(): TextField {
    return this.#element('sign-in-token') as TextField;
  }

  #element(id: string): PageElement {
    const found = this.document.getElementById(id);
    if (found === null) throw new Error(`the page has no ${id}`);
    return found;
  }
}

const UNKNOWN: AccessReading = { access: 'none', until: null, signIn: false };

function ask(method: string, body?: unknown): Promise<Response> {
  return fetch(SESSION, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}
