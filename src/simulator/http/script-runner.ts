import { type ServerResponse } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import { type WireStep } from '../domain/body-script.js';

/** The most that is gathered before it is written. */
const GATHERED_CHARS = 16_384;

/** How a script ended: to its end, broken on purpose, or cut short because the client left. */
export type ScriptEnd = 'ended' | 'broken' | 'aborted';

/** What the runner tells while it runs. */
export interface ScriptListener {
  /** When the script began, on the clock of `performance.now()`; told to clients as Server-Timing. */
  readonly startedAt: number;
  readonly gzip: boolean;
  onHead(status: number): void;
  onEvent(): void;
}

/** Performs the steps of a response; stops at once, timers included, when the client leaves. */
export async function runScript(
  script: Iterable<WireStep>,
  response: ServerResponse,
  listener: ScriptListener,
): Promise<ScriptEnd> {
  const wire = new Wire(response, listener);
  for (const step of script) {
    if (wire.closed) return 'aborted';
    if (step.do === 'send') {
      if (!wire.send(step.text)) await wire.drained();
      if (step.event === true) listener.onEvent();
      continue;
    }
    if (step.do !== 'end' && !wire.flush()) await wire.drained();
    switch (step.do) {
      case 'head':
        wire.head(step);
        break;
      case 'wait':
        await wire.passed(step.ms);
        break;
      case 'hang':
        await wire.passed(undefined);
        break;
      case 'end':
        wire.end();
        return 'ended';
      case 'cut':
        response.socket?.destroySoon();
        return 'broken';
      case 'reset':
        response.socket?.resetAndDestroy();
        return 'broken';
    }
  }
  return 'aborted';
}

/** One response and its connection. */
class Wire {
  readonly #response: ServerResponse;
  readonly #listener: ScriptListener;
  readonly #gzip: ReturnType<typeof createGzip> | undefined;
  #wake: (() => void) | undefined;
  #pending = '';
  closed: boolean;

  constructor(response: ServerResponse, listener: ScriptListener) {
    this.#response = response;
    this.#listener = listener;
    this.closed = response.closed || response.destroyed;
    response.once('close', () => {
      this.closed = true;
      this.#gzip?.destroy();
      this.#wake?.();
    });
    if (listener.gzip) {
      this.#gzip = createGzip();
      this.#gzip.pipe(response);
    }
  }

  head(step: Extract<WireStep, { do: 'head' }>): void {
    const duration = Math.round(performance.now() - this.#listener.startedAt);
    const headers: Record<string, string | number> = {
      'content-type': step.contentType,
      'server-timing': `gfet4t7; dur=${duration}`,
      ...step.headers,
    };
    if (this.#gzip !== undefined) headers['content-encoding'] = 'gzip';
    else if (step.lengthOf !== undefined)
      headers['content-length'] = Buffer.byteLength(step.lengthOf) + (step.missing ?? 0);
    this.#response.writeHead(step.status, headers);
    this.#listener.onHead(step.status);
    // A body of known length follows at once; anything else may take its time, and the head must not wait for it.
    if (step.lengthOf === undefined) this.#response.flushHeaders();
  }

  /** Gathers what is sent without a pause, so that it costs one write; false when the reader has to catch up. */
  send(text: string): boolean {
    this.#pending += text;
    return this.#pending.length < GATHERED_CHARS || this.flush();
  }

  /** Writes what was gathered; false when the reader has to catch up. */
  flush(): boolean {
    const text = this.#pending;
    if (text === '') return true;
    this.#pending = '';
    if (this.#gzip === undefined) return this.#response.write(text);
    const free = this.#gzip.write(text);
    this.#gzip.flush(constants.Z_SYNC_FLUSH);
    return free;
  }

  end(): void {
    (this.#gzip ?? this.#response).end(this.#pending);
  }

  /** Until a slow reader has caught up, or is gone. */
  drained(): Promise<void> {
    return this.#until((resolve) => {
      (this.#gzip ?? this.#response).once('drain', resolve);
      return () => (this.#gzip ?? this.#response).off('drain', resolve);
    });
  }

  /** Until so many milliseconds have passed (never, when absent), or the client is gone. */
  passed(ms: number | undefined): Promise<void> {
    return this.#until((resolve) => {
      if (ms === undefined) return () => undefined;
      const timer = setTimeout(resolve, ms);
      return () => {
        clearTimeout(timer);
      };
    });
  }

  #until(start: (resolve: () => void) => () => unknown): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake = undefined;
        stop();
        resolve();
      };
      const stop = start(done);
      this.#wake = done;
    });
  }
}
