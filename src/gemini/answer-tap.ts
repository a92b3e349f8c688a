import { isEventStream, single, type UpstreamResponseHeaders } from './domain/headers.js';
import { EventTooLarge, SseSplitter } from './domain/sse-splitter.js';
import { type AttemptListener } from './upstream-attempt.js';

/** A longer answer is not looked into, bytes: one that names what was made has a few kilobytes. */
const LIMIT = 64 * 1024;

/** Told what a good answer (status below 300) says, before the client hears the end of it. */
export interface AnswerEars {
  head(headers: UpstreamResponseHeaders): void;
  /** The text of a whole JSON answer, or the data of the first event of a stream; not called when it is too long. */
  said(json: string): void;
}

/** Listens to a small answer beside its bytes, which it neither changes nor holds up. */
export class AnswerTap implements AttemptListener {
  #chunks: Buffer[] | undefined;
  #size = 0;
  /** Bytes the head announced. */
  #length = NaN;
  #events: SseSplitter | undefined;

  constructor(
    private readonly listener: AttemptListener,
    private readonly ears: AnswerEars,
  ) {}

  head(status: number, headers: UpstreamResponseHeaders): void {
    if (status < 300) {
      this.ears.head(headers);
      this.#listen(headers);
    }
    this.listener.head(status, headers);
  }

  data(chunk: Buffer): void {
    this.#take(chunk);
    this.listener.data(chunk);
  }

  end(): void {
    this.#whole();
    this.listener.end();
  }

  failed(error: Error): void {
    this.#stop();
    this.listener.failed(error);
  }

  #listen(headers: UpstreamResponseHeaders): void {
    if (!['identity', undefined].includes(single(headers['content-encoding']))) return;
    if (isEventStream(headers)) {
      this.#events = new SseSplitter(LIMIT, ({ data }) => {
        if (this.#events === undefined || data === undefined) return;
        this.#stop();
        this.ears.said(data);
      });
    } else if (single(headers['content-type'])?.includes('json') === true) {
      this.#length = Number(single(headers['content-length']));
      this.#chunks = [];
    }
  }

  #take(chunk: Buffer): void {
    try {
      this.#events?.push(chunk);
    } catch (error) {
      this.#stop();
      if (!(error instanceof EventTooLarge)) throw error;
    }
    if (this.#chunks === undefined) return;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > LIMIT) this.#stop();
    // Once the client has the last byte it may act upon what the answer says.
    else if (this.#size === this.#length) this.#whole();
  }

  #whole(): void {
    if (this.#chunks === undefined) return;
    const text = Buffer.concat(this.#chunks).toString('utf8');
    this.#stop();
    this.ears.said(text);
  }

  #stop(): void {
    this.#chunks = undefined;
    this.#events = undefined;
  }
}
