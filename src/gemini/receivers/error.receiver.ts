import { headerWait } from '../../kernel/retry-after.js';
import { errorOfBody } from '../domain/upstream-error.js';
import { clientHeaders, single } from '../domain/headers.js';
import { type AnswerHead, type CallHandle, type Receiver } from './receiver.js';

/** Of a longer error only this much is read, bytes; real ones have a few kilobytes. */
const ERROR_LIMIT = 256 * 1024;
/** The status says most of it: a body that stays away or stops is not waited for longer than this, ms. */
const ERROR_SILENCE_MS = 2_000;
/** Headers of the upstream's error that the node sets itself. */
const OWN = new Set(['content-type', 'content-encoding', 'retry-after', 'retry-after-ms', 'x-should-retry']);

/** Collects an error answer of the upstream; where its body breaks off or stops, what has come and the status say it. */
export class ErrorReceiver implements Receiver {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    private readonly call: CallHandle,
    private readonly head: AnswerHead,
  ) {
    call.silence(Math.min(ERROR_SILENCE_MS, call.limits.idleMs));
  }

  data(chunk: Buffer): void {
    if (this.#size >= ERROR_LIMIT) return;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
  }

  end(): void {
    const { status, headers } = this.head;
    const error = errorOfBody(status, single(headers['content-type']), Buffer.concat(this.#chunks));
    this.call.refused(
      { ...error, retryAfterMs: error.retryAfterMs ?? headerWait(headers, Date.now()) },
      withoutOwn(clientHeaders(headers)),
    );
  }

  salvage(): boolean {
    this.end();
    return true;
  }

  silent(): boolean {
    return this.salvage();
  }
}

function withoutOwn(headers: string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!OWN.has(headers[i] as string)) kept.push(headers[i] as string, headers[i + 1] as string);
  }
  return kept;
}
