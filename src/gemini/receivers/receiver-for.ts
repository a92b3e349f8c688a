import { AnswerDefect } from '../domain/answer-defect.js';
import { isEventStream, single } from '../domain/headers.js';
import { parseJson } from '../domain/json-scan.js';
import { type StreamForm } from '../domain/route.js';
import { readUpstreamError } from '../domain/upstream-error.js';
import { AnswerReceiver } from './answer.receiver.js';
import { decoded } from './decoding.receiver.js';
import { ErrorReceiver } from './error.receiver.js';
import { RawReceiver } from './raw.receiver.js';
import { type AnswerHead, type CallHandle, type Receiver } from './receiver.js';
import { StreamReceiver } from './stream.receiver.js';

/** Chooses how an answer is taken in, by what was asked and what the head says came. */
export function receiverFor(
  call: CallHandle,
  head: AnswerHead,
  form: StreamForm | undefined,
  rewrite: (headers: string[]) => string[],
): Receiver {
  if (head.status < 400 && (call.route.kind === 'passthrough' || head.status >= 300 || streamsUnasked(call, head))) {
    return new RawReceiver(call, head, rewrite);
  }
  return decoded(call, head, (plain) => plainReceiver(call, plain, form)) ?? plainReceiver(call, head, form);
}

/** A method that the node does not know answers with a stream: whoever asked for it is waiting for the first of it. */
function streamsUnasked({ route }: CallHandle, { headers }: AnswerHead): boolean {
  return route.kind === 'call' && (isEventStream(headers) || /:stream\w+(?:\?|$)/.test(route.target));
}

function plainReceiver(call: CallHandle, head: AnswerHead, form: StreamForm | undefined): Receiver {
  if (head.status >= 400) return new ErrorReceiver(call, head);
  if (form === undefined) return new AnswerReceiver(call, head);
  const type = single(head.headers['content-type']) ?? '';
  const fits = form === 'gemini-array' ? type.includes('json') : type.includes('event-stream');
  return fits ? new StreamReceiver(call, head, form) : new MistypedReceiver(call);
}

/** Of an answer of the wrong type this much is read, bytes, to see whether it is an error. */
const MISTYPED_LIMIT = 64 * 1024;

/** Takes in something that is not the stream asked for: an error with status 200, or nothing usable. */
class MistypedReceiver implements Receiver {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(private readonly call: CallHandle) {}

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > MISTYPED_LIMIT) this.end();
  }

  end(): void {
    const error = readUpstreamError(parseJson(Buffer.concat(this.#chunks).toString('utf8')));
    this.call.defective(error === undefined ? new AnswerDefect('wrong_type') : new AnswerDefect('error_event', error));
  }
}
