import { type IncomingMessage } from 'node:http';
import { gatewayError } from '../kernel/error-codes.js';
import { type GatewayError } from '../kernel/gateway-error.js';
import { type Admission } from '../resilience/index.js';

/** Limits on one body: bytes and ms. */
export interface BodyLimits {
  readonly bodyLimit: number;
  readonly receiveTimeoutMs: number;
}

/** So many pieces are joined into one when they are small: a piece costs hundreds of bytes however little it holds. */
const JOINED_PIECES = 256;
/** Pieces of a mean size below this, bytes, are small: what is read from a socket comes in up to 64 KiB. */
const SMALL_PIECE = 1024;

/** Receives the body of a call into memory, within its limits, and remembers what it took of the shared memory. */
export class RequestBody {
  readonly #chunks: Buffer[] = [];
  /** The first piece that has not been looked at for joining, and the size before it. */
  #looseFrom = 0;
  #sizeBefore = 0;
  #size = 0;
  #taken = 0;
  #timer: NodeJS.Timeout | undefined;
  #done: ((body: Buffer | GatewayError) => void) | undefined;

  constructor(
    private readonly admission: Admission,
    private readonly limits: BodyLimits,
  ) {}

  /** Receives; calls back once, with the body or with what is wrong with it. */
  receive(request: IncomingMessage, done: (body: Buffer | GatewayError) => void): void {
    this.#done = done;
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > this.limits.bodyLimit) {
      this.#finish(this.#tooLarge());
      return;
    }
    this.#timer = setTimeout(() => {
      this.#finish(gatewayError('REQUEST_TIMEOUT', 'The body of the request did not arrive in time.'));
    }, this.limits.receiveTimeoutMs);
    request.on('data', (chunk: Buffer) => {
      this.#chunk(chunk);
    });
    request.on('end', () => {
      const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      // The joined copy is what is kept; the pieces would double it.
      this.#chunks.length = 0;
      this.#finish(body);
    });
    // A client that goes away is noticed on the response.
    request.on('error', () => undefined);
  }

  /** Gives the memory back and stops listening; call when the call is over. */
  release(): void {
    this.#done = undefined;
    clearTimeout(this.#timer);
    this.admission.releaseBody(this.#taken);
    this.#taken = 0;
    this.#chunks.length = 0;
  }

  #chunk(chunk: Buffer): void {
    if (this.#done === undefined) return;
    this.#size += chunk.length;
    if (this.#size > this.limits.bodyLimit) {
      this.#finish(this.#tooLarge());
      return;
    }
    const full = this.admission.takeBody(chunk.length);
    if (full !== undefined) {
      this.#finish(full);
      return;
    }
    this.#taken += chunk.length;
    this.#chunks.push(chunk);
    if (this.#chunks.length - this.#looseFrom >= JOINED_PIECES) this.#join();
  }

  /** Joins the pieces that came last where they are small, so that a sender of single bytes takes no more than it sends. */
  #join(): void {
    if (this.#size - this.#sizeBefore < JOINED_PIECES * SMALL_PIECE) {
      this.#chunks.push(Buffer.concat(this.#chunks.splice(this.#looseFrom)));
    }
    this.#looseFrom = this.#chunks.length;
    this.#sizeBefore = this.#size;
  }

  #tooLarge(): GatewayError {
    return gatewayError(
      'REQUEST_TOO_LARGE',
      `The body is larger than ${this.limits.bodyLimit} bytes (REQUEST_BODY_LIMIT).`,
    );
  }

  #finish(result: Buffer | GatewayError): void {
    clearTimeout(this.#timer);
    const done = this.#done;
    this.#done = undefined;
    done?.(result);
  }
}

/** A body is announced by its length or by its coding. */
export function carriesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
