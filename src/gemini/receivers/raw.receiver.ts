import { clientHeaders, single } from '../domain/headers.js';
import { type AnswerHead, type CallHandle, type Receiver } from './receiver.js';

/** Passes an answer on as it comes, whatever it is, no faster than the client takes it. */
export class RawReceiver implements Receiver {
  #waiting = false;

  /**
   * @param rewrite changes a header that holds an address of the upstream into one of the node
   * @param idleMs longest silence of the upstream; where there is none given, only the call's own deadline holds
   */
  constructor(
    private readonly call: CallHandle,
    { status, headers }: AnswerHead,
    rewrite: (headers: string[]) => string[],
    private readonly idleMs?: number,
  ) {
    const length = single(headers['content-length']);
    const kept = rewrite(clientHeaders(headers));
    if (length !== undefined) kept.push('content-length', length);
    call.claim();
    call.reply.start(status, kept, call.facts());
    call.silence(idleMs);
  }

  data(chunk: Buffer): void {
    if (this.call.reply.write(chunk)) {
      if (!this.#waiting) this.call.moved();
      return;
    }
    if (this.#waiting) return;
    this.#waiting = true;
    this.call.pause();
    // A client that does not read is not the upstream's silence.
    this.call.silence(undefined);
    this.call.reply.onDrain(() => {
      this.#waiting = false;
      this.call.silence(this.idleMs);
      this.call.resume();
    });
  }

  end(): void {
    this.call.reply.end();
    this.call.succeeded();
  }
}
