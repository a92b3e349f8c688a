import { type StreamState } from '../../domain/live/liveness.js';
import { pauseBefore } from '../../domain/live/pause.js';
import { type ServerEvent, SseReader } from '../../domain/live/sse-reader.js';

/** What the events and their stream are told to. */
export interface EventListener {
  event(event: ServerEvent): void;
  /** How it stands; told again at each sign of life. */
  state(state: StreamState): void;
}

/** The node sends something at once: a stream that says nothing for this long is held back on its way, ms. */
const FIRST_MS = 6000;
/** The node gives a sign of life every 15 s, ms. */
const SILENT_MS = 40_000;
/** Pause before another attempt where the node has not said, ms. */
const RETRY_MS = 3000;
/** Attempts in a row that heard nothing, after which events are said to be blocked. */
const BLOCKED = 2;

/** Follows `GET /self/events`, and comes back after each end with what it heard last. */
export class EventStream {
  #retryMs = RETRY_MS;

  constructor(private readonly listener: EventListener) {}

  /** Follows until the signal ends it, or the node refuses; `lastId` is what was heard last, empty for nothing. */
  async follow(signal: AbortSignal, lastId: () => string): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const outcome = await this.#once(signal, lastId());
      if (outcome === 'refused') {
        this.listener.state('refused');
        return;
      }
      failures = outcome === 'heard' ? 1 : failures + 1;
      this.listener.state(failures < BLOCKED ? 'none' : 'blocked');
      await pause(pauseBefore(failures, this.#retryMs, Math.random()), signal);
    }
  }

  async #once(signal: AbortSignal, lastId: string): Promise<'heard' | 'silent' | 'refused'> {
    const call = new AbortController();
    const end = (): void => {
      call.abort();
    };
    signal.addEventListener('abort', end);
    let silence = setTimeout(end, FIRST_MS);
    let heard = false;
    try {
      const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
      const response = await fetch('/self/events', { headers, signal: call.signal });
      if (response.status === 401 || response.status === 403) return 'refused';
      const chunks = response.ok ? response.body?.getReader() : undefined;
      const [reader, decoder] = [new SseReader(lastId), new TextDecoder()];
      for (;;) {
        const { done, value } = ((await chunks?.read()) ?? { done: true }) as { done: boolean; value?: Uint8Array };
        if (done) break;
        heard = true;
        clearTimeout(silence);
        silence = setTimeout(end, SILENT_MS);
        this.listener.state('live');
        for (const event of reader.push(decoder.decode(value, { stream: true }))) this.listener.event(event);
        this.#retryMs = reader.retryMs ?? RETRY_MS;
      }
    } catch {
      // Whether the node is there shows in the next look.
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', end);
      call.abort();
    }
    return heard ? 'heard' : 'silent';
  }
}

/** Waits, no longer than until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener('abort', over);
    if (signal.aborted) over();
  });
}
