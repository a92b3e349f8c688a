import { type StreamState } from '../../domain/live/liveness.js';
import { type ServerEvent } from '../../domain/live/sse-reader.js';
import { readTabMessage, type TabMessage } from '../../domain/live/tab-message.js';
import { type PageDocument } from '../dom.js';
import { EventStream, pause } from './event-stream.js';

interface Channel {
  postMessage(message: TabMessage): void;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
}

declare const BroadcastChannel: new (name: string) => Channel;
declare const navigator: {
  readonly locks?: {
    request(name: string, options: { signal: AbortSignal }, work: () => Promise<void>): Promise<void>;
  };
};
declare function addEventListener(type: 'pagehide', listener: () => void): void;

const NAME = 'l104-events';
/** Another tab that follows the events says so at each sign of life of the node: one unheard for longer is gone, ms. */
const GONE_MS = 45_000;
/** Time in which another tab has answered, ms. */
const ANSWER_MS = 500;

/** What the page does with what it hears. */
export interface Hearer {
  event(event: ServerEvent): void;
  /** How it stands with the stream has changed. */
  state(state: StreamState): void;
  /** In another tab somebody has signed in or out. */
  access(): void;
}

/**
 * The events of the node, followed by one tab of the browser for all: a browser has six connections for one address, and
 * the seventh tab would never load. Tabs that are seen take turns; who follows holds a lock until it is hidden or closed.
 */
export class SharedEvents {
  readonly #channel = new BroadcastChannel(NAME);
  readonly #stream = new EventStream({
    event: (event) => {
      this.#heard(event);
      this.#channel.postMessage({ kind: 'event', event });
    },
    state: (state) => {
      this.#stands(state);
      this.#channel.postMessage({ kind: 'state', state });
    },
  });
  #state: StreamState = 'none';
  #lastId = '';
  /** Ends the turn of this tab, or its wait for one; undefined while it wants none. */
  #turn: AbortController | undefined;
  #leads = false;
  /** When another tab was last known to follow the events. */
  #otherAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly document: PageDocument,
    private readonly hearer: Hearer,
  ) {}

  /** How it stands with the stream. */
  get state(): StreamState {
    return this.#state;
  }

  /** Hears from now on, as long as the page is seen. */
  start(): void {
    this.#channel.onmessage = ({ data }) => {
      const message = readTabMessage(data);
      if (message !== undefined) this.#told(message);
    };
    this.#channel.postMessage({ kind: 'who' });
    this.document.addEventListener('visibilitychange', () => {
      this.#takeTurn();
    });
    addEventListener('pagehide', () => {
      if (this.#leads) this.#channel.postMessage({ kind: 'gone' });
    });
    this.#takeTurn();
  }

  /** Who reads the page may be another: asks again, here and in the other tabs. */
  accessChanged(): void {
    this.#channel.postMessage({ kind: 'access' });
    this.#askAgain();
  }

  #told(message: TabMessage): void {
    if (message.kind === 'who' && this.#leads) this.#channel.postMessage({ kind: 'state', state: this.#state });
    if (message.kind === 'gone') this.#otherAt = Number.NEGATIVE_INFINITY;
    if (message.kind === 'access') {
      this.#askAgain();
      this.hearer.access();
    }
    if (message.kind === 'state') {
      this.#otherAt = performance.now();
      this.#stands(message.state);
      if (message.state === 'refused') this.#turn?.abort();
    }
    if (message.kind === 'event') this.#heard(message.event);
  }

  #heard(event: ServerEvent): void {
    if (event.id !== '') this.#lastId = event.id;
    // A hidden page looks anew when it is seen again.
    if (this.document.visibilityState === 'visible') this.hearer.event(event);
  }

  #stands(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.hearer.state(state);
  }

  #askAgain(): void {
    this.#turn?.abort();
    this.#turn = undefined;
    this.#stands('none');
    this.#takeTurn();
  }

  #takeTurn(): void {
    if (this.document.visibilityState === 'hidden') {
      this.#turn?.abort();
      this.#turn = undefined;
    } else if (this.#turn === undefined && this.#state !== 'refused') void this.#wait(new AbortController());
  }

  async #wait(turn: AbortController): Promise<void> {
    this.#turn = turn;
    const lead = async (): Promise<void> => {
      this.#leads = true;
      await this.#stream.follow(turn.signal, () => this.#lastId);
      this.#leads = false;
      this.#channel.postMessage({ kind: 'gone' });
    };
    // Ends by an error when it is called off while it waits.
    await this.#inTurn(turn.signal, lead).catch(() => undefined);
    if (this.#turn === turn) this.#turn = undefined;
  }

  async #inTurn(signal: AbortSignal, lead: () => Promise<void>): Promise<void> {
    if (navigator.locks !== undefined) return navigator.locks.request(NAME, { signal }, lead);
    // Pages that come without TLS from another machine have no locks: they ask each other.
    do await pause(ANSWER_MS * (1 + Math.random()), signal);
    while (!signal.aborted && performance.now() - this.#otherAt < GONE_MS);
    if (!signal.aborted) await lead();
  }
}
