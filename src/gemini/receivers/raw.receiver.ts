import { clientHeaders, single } from '../domain/headers.js';
import { type AnswerHead, type CallHandle, type Receiver } from './receiver.js';

/** Passes an answer on as it comes, whatever it is, no faster than the client takes it. */
export class RawReceiver implements Receiver {
  /** @param rewrite changes a header that holds an address of the upstream into one of the node */
  constructor(
    private readonly call: CallHandle,
    { status, headers }: AnswerHead,
    rewrite: (headers: string[]) => string[],
  ) {
    const length = single(headers['content-length']);
    const kept = rewrite(clientHeaders(headers));
    if (length !== undefined) kept.push('content-length', length);
    call.claim();
    call.reply.start(status, kept, call.facts());
  }

  data(chunk: Buffer): void {
    if (this.call.reply.write(chunk)) return;
    this.call.pause();
    this.call.reply.onDrain(() => {
      this.call.resume();
    });
  }

  end(): void {
    this.call.reply.end();
    this.call.succeeded();
  }
}
