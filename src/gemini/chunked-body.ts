import { type ServerResponse } from 'node:http';
import { ChunkRun } from './chunk-run.js';
import { Pieces } from './pieces.js';

/** A longer piece is not copied to stand beside its size, bytes. */
const COPY_LIMIT = 16 * 1024;

const LINE_END = '\r\n';
const LAST_CHUNK = '0\r\n\r\n';
const LAST_CHUNK_BYTES = Buffer.from(LAST_CHUNK);
/** What is put behind it runs at the end of the tick, for less than Node's own queue asks: it makes no objects with computed names. */
const END_OF_TICK = Promise.resolve();

/**
 * The body of an answer that goes out in pieces. Node's own chunked coding (RFC 9112, section 7.1) hands the system four
 * buffers for each piece, by way of the response and a corked socket. Here what comes in one tick becomes one buffer, which
 * goes to the socket itself, and costs little more than half: the chunks in which it has come, or one that is made of it.
 */
export class ChunkedBody {
  #framing = false;
  /** Whether the head is out: Node sends it with the first piece. */
  #headOut = false;
  /** What goes out at the end of this tick: chunks that are there already, or pieces of which one is made. */
  readonly #run = new ChunkRun();
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
    const first = !this.#pending;
    this.#add(typeof piece === 'string' ? Buffer.from(piece) : piece);
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
    if (this.#pending) this.#send();
  }

  /** Ends the body, with a last piece or without. */
  end(last: Buffer | string = ''): void {
    if (!this.#framing) {
      this.response.end(last);
      return;
    }
    if (last.length > 0) this.#add(typeof last === 'string' ? Buffer.from(last) : last);
    if (!this.#run.empty) {
      this.response.end(Buffer.concat([this.#run.take(), LAST_CHUNK_BYTES]));
      return;
    }
    const body = this.#pieces.take();
    this.response.end(body.length === 0 ? LAST_CHUNK : chunkOf(body, LINE_END + LAST_CHUNK));
  }

  get #pending(): boolean {
    return !this.#run.empty || this.#pieces.count > 0;
  }

  #add(piece: Buffer): void {
    if (this.#pieces.count > 0) {
      this.#pieces.add(piece);
      return;
    }
    if (this.#run.add(piece)) return;
    // It does not go with what is there, but may begin anew.
    this.flush();
    if (!this.#run.add(piece)) this.#pieces.add(piece);
  }

  #send(sent?: () => void): boolean {
    const out = (this.#headOut ? this.response.socket : undefined) ?? this.response;
    this.#headOut = true;
    if (!this.#run.empty) return out.write(this.#run.take(), sent);
    const body = this.#pieces.take();
    if (body.length === 0) return out.write(body, sent);
    if (body.length <= COPY_LIMIT) return out.write(chunkOf(body, LINE_END), sent);
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
