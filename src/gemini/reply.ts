import { type ServerResponse } from 'node:http';
import { retryHeaders } from '../platform/problem.js';
import { type RequestIdentity } from '../platform/identifiers.js';
import { gatewayError } from '../kernel/error-codes.js';
import { type BeatingCall, type ReplyFacts, type ReplyPort } from './reply-port.js';
import { ChunkedBody } from './chunked-body.js';
import { errorBody, errorFrame, type ShownError, showOwn } from './domain/dialect.js';
import { modelHeader, STREAM_HEADERS } from './domain/headers.js';
import { behindHeartbeat, FIRST_HEARTBEAT, HEARTBEAT, STREAM_TYPE } from './domain/heartbeat.js';
import { type StreamForm, type Surface } from './domain/route.js';
import { HeartbeatTimer, type HeartbeatTimes } from './heartbeat-timer.js';

/** How long a slow reader has to take the error event before the connection goes, ms. */
const LAST_WORDS_MS = 5000;

/** The client's side of a call: one head, then a body, an error in the client's dialect, or a broken connection. */
export class Reply implements ReplyPort {
  /** Status of the answer; 0 until one is given. */
  status = 0;
  /** Code of the error that was shown. */
  code: string | undefined;
  /** True when the answer failed after its head was sent. */
  broken = false;
  /** True when the head told the length, so that a short body shows. */
  #sized = false;
  #begun = false;
  readonly #body: ChunkedBody;
  #heartbeat: HeartbeatTimer | undefined;
  /** Pieces and heartbeats that were sent. */
  #sent = 0;
  /** Form of the stream whose head was sent ahead of its answer. */
  #early: StreamForm | undefined;
  /** What the first event of an answer has to tell in place of its head. */
  #untold: ReplyFacts | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly surface: Surface,
    private readonly identity: RequestIdentity,
    private readonly more: readonly string[] = [],
  ) {
    this.#body = new ChunkedBody(response);
  }

  /** True once the head is sent: what goes wrong now can only be told in-band. */
  get started(): boolean {
    return this.response.headersSent;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** True once the answer is over, whichever way. */
  get over(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  keepAlive(form: StreamForm, times: HeartbeatTimes, call: BeatingCall): void {
    const heartbeat = new HeartbeatTimer(
      times,
      () => this.#sent,
      () => {
        this.#beat(form, call);
      },
    );
    this.#heartbeat = heartbeat;
    this.response.once('close', () => {
      heartbeat.stop();
    });
  }

  /** Sends a whole answer. */
  send(status: number, headers: readonly string[], body: Buffer | string, facts: ReplyFacts): void {
    if (this.#early !== undefined) {
      this.#misfit();
      return;
    }
    this.#begun = true;
    this.#heartbeat?.stop();
    const length = String(typeof body === 'string' ? Buffer.byteLength(body) : body.length);
    this.#head(status, [...headers, 'content-length', length], facts);
    this.response.end(body);
  }

  /** Sends the head of an answer whose body follows in pieces. */
  start(status: number, headers: readonly string[], facts: ReplyFacts): void {
    this.#begun = true;
    if (this.#early === undefined) {
      this.#head(status, headers, facts);
      this.#body.begin();
      this.#heartbeat?.headSent();
    } else if (status === 200) this.#untold = facts;
    else this.#misfit();
  }

  /** Sends a piece; false when the client is slow and the source should pause until `onDrain`. */
  write(chunk: Buffer): boolean {
    if (this.broken) return true;
    this.#sent++;
    return this.#body.write(this.#untold === undefined ? chunk : this.#telling(chunk));
  }

  /** Calls back once, when the client has caught up. */
  onDrain(resume: () => void): void {
    this.#body.onDrain(resume);
  }

  /** Ends the answer properly. */
  end(last?: Buffer | string): void {
    this.#heartbeat?.stop();
    if (this.broken) return;
    if (last === undefined || last.length === 0) this.#body.end();
    else this.#body.end(this.#untold === undefined ? last : this.#telling(Buffer.from(last)));
  }

  /** Shows an error: as the answer, or, after the head, in-band and with a broken connection. */
  fail(error: ShownError, form: StreamForm | undefined, facts: ReplyFacts, headers: readonly string[] = []): void {
    if (this.over || this.broken) return;
    this.#heartbeat?.stop();
    this.code = error.code;
    if (!this.started) {
      const retry = retryHeaders(error.retryAfterMs, facts.attempts > 1).flat();
      const body = JSON.stringify(errorBody(this.surface, error));
      this.send(error.status, [...headers, 'content-type', 'application/json; charset=utf-8', ...retry], body, facts);
      return;
    }
    this.#breakOff(error, form);
  }

  /** The client has heard nothing for long: that is not to go on, whatever the upstream does. */
  #beat(form: StreamForm, call: BeatingCall): void {
    if (!this.started) {
      this.#early = form;
      // Who will answer is not known.
      const facts = { ...call.facts(undefined), model: undefined };
      this.#head(200, ['content-type', STREAM_TYPE[form], ...STREAM_HEADERS], facts);
      this.#body.begin();
      this.#heartbeat?.headSent();
      this.#body.write(FIRST_HEARTBEAT[form]);
      return;
    }
    // Nothing is piled up for a client that does not read, and behind the finish there is nothing to wait for.
    if (this.response.writableLength > 0 || call.finished) return;
    this.#body.write(HEARTBEAT[form]);
    this.#sent++;
  }

  #telling(events: Buffer): Buffer {
    const { model, attempts, healing } = this.#untold as ReplyFacts;
    this.#untold = undefined;
    return behindHeartbeat(this.#early as StreamForm, events, { model, attempts, healing });
  }

  /** What came is not of the kind that the early head has promised. */
  #misfit(): void {
    const error = gatewayError(
      'UPSTREAM_BROKEN_ANSWER',
      'Gemini answered with something else than the stream asked for.',
    );
    this.code = error.code;
    this.#breakOff(showOwn(error, this.identity.requestId), this.#early);
  }

  #breakOff(error: ShownError, form: StreamForm | undefined): void {
    this.#heartbeat?.stop();
    this.broken = true;
    if (form === undefined) this.#break();
    else this.#lastWords(errorFrame(form, error, this.identity.requestId));
  }

  #lastWords(frame: string): void {
    const timer = setTimeout(() => {
      this.#break();
    }, LAST_WORDS_MS);
    this.#body.write(frame, () => {
      clearTimeout(timer);
      this.#break();
    });
  }

  /**
   * Breaks the connection so that no client can take it for an end: a chunked message without
   * its last chunk, or, where the end of the connection would be the end of the message, a reset.
   */
  #break(): void {
    this.#body.flush();
    const { socket } = this.response;
    if (socket === null) return;
    if (this.#body.framed || this.#sized) socket.destroySoon();
    else socket.resetAndDestroy();
  }

  #head(status: number, headers: readonly string[], facts: ReplyFacts): void {
    const { requestId, traceparent } = this.identity;
    const own = [
      'x-request-id',
      requestId,
      'traceparent',
      traceparent,
      'x-l104-upstream',
      facts.upstream,
      'x-l104-attempts',
      String(facts.attempts),
      'server-timing',
      timing(facts),
      ...this.more,
    ];
    const model = modelHeader(facts.model);
    if (model !== undefined) own.push('x-l104-model', model);
    if (facts.healing.length > 0) own.push('x-l104-healing', facts.healing.join(', '));
    this.status = status;
    this.#sized = headers.includes('content-length');
    this.response.writeHead(status, [...headers, ...own]);
  }
}

function timing({ totalMs, upstreamMs, queueMs, attempts }: ReplyFacts): string {
  const nodeMs = (totalMs - upstreamMs - queueMs).toFixed(1);
  return `node;dur=${nodeMs}, queue;dur=${queueMs.toFixed(1)}, upstream;dur=${upstreamMs.toFixed(1)}, attempts;desc="${attempts}"`;
}
