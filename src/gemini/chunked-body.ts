import { type ServerResponse } from 'node:http';
import { memoryOf } from './domain/memory-of.js';
import { Pieces } from './pieces.js';

/** A longer piece is not copied to stand beside its size, bytes. */
const COPY_LIMIT = 16 * 1024;

const LINE_END = '\r\n';
const LINE_END_BYTES = 0x0d0a;
const HEX = '0123456789abcdef';
const LAST_CHUNK = '0\r\n\r\n';
/** What is put behind it runs at the end of the tick, for less than Node's own queue asks: it makes no objects with computed names. */
const END_OF_TICK = Promise.resolve();

/**
 * The body of an answer that goes out in pieces. Node's own chunked coding (RFC 9112, section 7.1) hands the system four
 * buffers for each piece, by way of the response and a corked socket. Here what comes in one tick becomes one chunk in
 * one buffer, which goes to the socket itself, and costs little more than half.
 */
export class ChunkedBody {
  #framing = false;
  /** Whether the head is out: Node sends it with the first piece. */
  #headOut = false;
  /** What goes out at the end of this tick. */
  readonly #pieces = new Pieces();
  readonly #sendPending = (): void => {
    this.flush();
  };

  constructor(private readonly response: ServerResponse) {}

  /** To be called once the head is written, and before anything of the body is. */
  begin(): void {
    // The head has said `chunked`, unless the client is too old for it; from here on Node leaves the bytes as they are.
    this.#framing = this.response.chunkedEncoding;
    this.response.chunkedEncoding = false;
  }

  /** Whether a body that breaks off is seen to be incomplete. */
  get framed(): boolean {
    return this.#framing;
  }

  /** Sends a piece by the end of this tick, or at once with `sent`, which is told; false when the client is slow. */
  write(piece: Buffer | string, sent?: () => void): boolean {
    if (!this.#framing) return this.response.write(piece, sent);
    const { socket } = this.response;
    const first = this.#pieces.count === 0;
    this.#add(piece);
    if (!this.#headOut || socket === null || sent !== undefined) return this.#send(sent);
    if (first) void END_OF_TICK.then(this.#sendPending);
    return !socket.writableNeedDrain;
  }

  /** Calls back once, when the client has caught up. */
  onDrain(resume: () => void): void {
    // The response does not hear of what the socket was given past it.
    (this.response.socket ?? this.response).once('drain', resume);
  }

  /** Sends what was to go out at the end of this tick. */
  flush(): void {
    if (this.#pieces.count > 0) this.#send();
  }

  /** Ends the body, with a last piece or without. */
  end(last: Buffer | string = ''): void {
    if (!this.#framing) {
      this.response.end(last);
      return;
    }
    this.#add(last);
    const body = this.#pieces.take();
    this.response.end(body.length === 0 ? LAST_CHUNK : chunkOf(body, LINE_END + LAST_CHUNK));
  }

  #add(piece: Buffer | string): void {
    this.#pieces.add(typeof piece === 'string' ? Buffer.from(piece) : piece);
  }

  #send(sent?: () => void): boolean {
    const body = this.#pieces.take();
    const out = (this.#headOut ? this.response.socket : undefined) ?? this.response;
    this.#headOut = true;
    if (body.length === 0) return out.write(body, sent);
    if (body.length <= COPY_LIMIT) return out.write(chunkAround(body) ?? chunkOf(body, LINE_END), sent);
    out.cork();
    out.write(sizeLine(body));
    out.write(body);
    const ready = out.write(LINE_END, sent);
    out.uncork();
    return ready;
  }
}

function sizeLine(piece: Buffer): string {
  return piece.length.toString(16) + LINE_END;
}

/**
 * The chunk in which a piece has come, with the bytes around it: the upstream has sent most pieces as they are passed on, and
 * what is there need not be made again. Undefined where something else is around it.
 */
function chunkAround(piece: Buffer): Buffer | undefined {
  const memory = memoryOf(piece);
  const end = piece.byteOffset + piece.length;
  let at = piece.byteOffset - LINE_END.length;
  if (at < 0 || end + LINE_END.length > memory.byteLength) return undefined;
  if (memory.getUint16(at) !== LINE_END_BYTES || memory.getUint16(end) !== LINE_END_BYTES) return undefined;
  for (let rest = piece.length; rest > 0; rest >>>= 4)
    if (--at < 0 || memory.getUint8(at) !== HEX.charCodeAt(rest & 0xf)) return undefined;
  return Buffer.from(memory.buffer, at, end + LINE_END.length - at);
}

/** A chunk in one buffer: its size, the piece, and what follows. */
function chunkOf(piece: Buffer, behind: string): Buffer {
  const size = sizeLine(piece);
  const chunk = Buffer.allocUnsafe(size.length + piece.length + behind.length);
  put(chunk, 0, size);
  chunk.set(piece, size.length);
  put(chunk, size.length + piece.length, behind);
  return chunk;
}

function put(bytes: Buffer, at: number, ascii: string): void {
  for (let i = 0; i < ascii.length; i++) bytes[at + i] = ascii.charCodeAt(i);
}
