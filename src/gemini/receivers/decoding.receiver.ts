import { type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AnswerDefect } from '../domain/answer-defect.js';
import { type Usage } from '../domain/usage.js';
import { single } from '../domain/headers.js';
import { type AnswerHead, type CallHandle, type Pausable, type Receiver } from './receiver.js';

/** Decoders that hand on what they have at every flush of the sender, so that events are not held back. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * Decodes an answer that came compressed although the node asks for none, so that it can be
 * inspected like any other; undefined when it came plain or in a coding nobody knows.
 */
export function decoded(
  call: CallHandle,
  head: AnswerHead,
  receiver: (plain: AnswerHead) => Receiver,
): Receiver | undefined {
  const coding = single(head.headers['content-encoding'])?.trim().toLowerCase() ?? 'identity';
  const decoder = DECODERS[coding];
  if (decoder === undefined) return undefined;
  const headers = { ...head.headers, 'content-encoding': undefined };
  return new DecodingReceiver(call, decoder(), receiver({ status: head.status, headers }), head.status);
}

class DecodingReceiver implements Receiver {
  constructor(
    private readonly call: CallHandle,
    private readonly decoder: Transform,
    private readonly receiver: Receiver,
    private readonly status: number,
  ) {
    decoder.on('data', (chunk: Buffer) => {
      if (!this.#left()) receiver.data(chunk);
    });
    decoder.on('end', () => {
      if (!this.#left()) receiver.end();
    });
    decoder.on('error', (error: NodeJS.ErrnoException) => {
      this.#undecodable(error.code === 'Z_BUF_ERROR' ? 'truncated_event' : 'foreign_bytes');
    });
    decoder.on('drain', () => {
      call.source.resume();
    });
  }

  /** A little that is compressed may be much that is not: while the client is slow, none of it is decoded. */
  get source(): Pausable {
    return this.decoder;
  }

  get usage(): Usage | undefined {
    return this.receiver.usage;
  }

  data(chunk: Buffer): void {
    if (!this.decoder.write(chunk)) this.call.source.pause();
  }

  end(): void {
    this.decoder.end();
  }

  progressed(): void {
    this.receiver.progressed?.();
  }

  silent(): boolean {
    return this.receiver.silent?.() ?? false;
  }

  get finished(): boolean {
    return this.receiver.finished ?? false;
  }

  salvage(): boolean {
    return this.receiver.salvage?.() ?? false;
  }

  close(): void {
    this.decoder.destroy();
    this.receiver.close?.();
  }

  /** What was read before counts; an error is told by its status alone. */
  #undecodable(kind: 'truncated_event' | 'foreign_bytes'): void {
    if (this.status >= 400) this.receiver.end();
    else if (!this.salvage()) this.call.defective(new AnswerDefect(kind));
  }

  /** The decoder works beside the call; what it yields after the call is over is dropped. */
  #left(): boolean {
    if (this.call.reply.over) this.decoder.destroy();
    return this.call.reply.over;
  }
}
