import { type MatchedFaults } from './fault-book.js';
import { type StreamFault } from './fault-plan.js';
import { errorBody } from './rpc-error.js';

/** One thing to do on the wire. `cut` ends the connection cleanly without ending the message; `reset` tears it. */
export type WireStep =
  | {
      readonly do: 'head';
      readonly status: number;
      readonly contentType: string;
      readonly headers: Readonly<Record<string, string>>;
      /** The body whose length is announced; the message is chunked when absent. */
      readonly lengthOf?: string;
      /** Bytes announced that will not come. */
      readonly missing?: number;
    }
  | { readonly do: 'send'; readonly text: string; readonly event?: true }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'hang' | 'end' | 'cut' | 'reset' };

/** A response that is sent in one piece. */
export interface BodyReply {
  readonly kind: 'body';
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How many events the same answer would be as a stream; decides how long it takes. */
  readonly events: number;
  /** How many tokens of answer it carries. */
  readonly tokens: number;
  /** Errors and pages are sent whole, whatever the faults say. */
  readonly faultless: boolean;
}

/** Milliseconds for what was written to arrive: a reset may discard what is still under way. */
export const SETTLE_MS = 25;

/** The steps of a response in one piece: the faults of streams strike in the middle of the body. */
export function* bodySteps(reply: BodyReply, faults: MatchedFaults, pauseMs: number): Generator<WireStep> {
  const { body, headers, status, contentType } = reply;
  const head = { do: 'head', status, contentType, headers } as const;
  const fault = reply.faultless ? undefined : faults.stream;
  if (reply.faultless) {
    yield { ...head, lengthOf: body };
    yield* whole(body);
    return;
  }
  if (faults.firstToken !== undefined) {
    yield head;
    yield faults.firstToken.ms === undefined ? { do: 'hang' } : { do: 'wait', ms: faults.firstToken.ms };
  }
  const ms = generationTime(reply, faults, pauseMs);
  if (ms > 0) yield { do: 'wait', ms };
  const begun = faults.firstToken !== undefined;
  if (fault === undefined) {
    if (!begun) yield { ...head, lengthOf: body };
    yield* whole(body);
    return;
  }
  if (!begun) yield { ...head, ...announced(fault, body) };
  yield* broken(fault, body);
}

function* whole(body: string): Generator<WireStep> {
  yield { do: 'send', text: body, event: true };
  yield { do: 'end' };
}

function* broken(fault: StreamFault, body: string): Generator<WireStep> {
  const half = body.slice(0, Math.ceil(body.length / 2));
  switch (fault.kind) {
    case 'stall':
      yield { do: 'send', text: half };
      yield fault.forMs === undefined ? { do: 'hang' } : { do: 'wait', ms: fault.forMs };
      yield { do: 'send', text: body.slice(half.length), event: true };
      yield { do: 'end' };
      break;
    case 'cut':
      yield { do: 'send', text: half };
      yield { do: fault.cleanEnd ? 'end' : 'cut' };
      break;
    case 'reset':
      yield { do: 'send', text: half };
      yield { do: 'wait', ms: SETTLE_MS };
      yield { do: 'reset' };
      break;
    case 'truncatedEvent':
      yield { do: 'send', text: half };
      yield { do: fault.then };
      break;
    case 'garbage':
      yield { do: 'send', text: fault.mode === 'replace' ? half : `${body}\n{"garbage": ` };
      yield { do: 'end' };
      break;
    case 'inStreamError':
      yield { do: 'send', text: JSON.stringify(errorBody(fault)), event: true };
      yield { do: fault.then };
      break;
    case 'bareJsonError':
      yield { do: 'send', text: `${body}\n${JSON.stringify(errorBody(fault))}` };
      yield { do: 'end' };
      break;
    case 'zombie':
      yield* zombie(fault, body);
      break;
    case 'noTerminator':
      yield { do: 'send', text: body, event: true };
      yield { do: 'hang' };
      break;
    case 'truncatedBody':
      yield { do: 'send', text: body };
      yield { do: 'wait', ms: SETTLE_MS };
      yield { do: 'cut' };
      break;
  }
}

/** White space between which nothing happens is what keeps a unary connection alive without an answer. */
function* zombie(fault: Extract<StreamFault, { kind: 'zombie' }>, body: string): Generator<WireStep> {
  for (let passed = 0; passed < (fault.forMs ?? Infinity); passed += fault.everyMs) {
    yield { do: 'send', text: ' ' };
    yield { do: 'wait', ms: fault.everyMs };
  }
  yield* whole(body);
}

function announced(fault: StreamFault, body: string): { lengthOf?: string; missing?: number } {
  if (fault.kind === 'truncatedBody') return { lengthOf: body, missing: fault.missingBytes };
  return (fault.kind === 'cut' && !fault.cleanEnd) || fault.kind === 'stall' || fault.kind === 'reset'
    ? { lengthOf: body }
    : {};
}

function generationTime(reply: BodyReply, faults: MatchedFaults, pauseMs: number): number {
  const { pace } = faults;
  if (pace === undefined) return reply.events * pauseMs;
  return pace.kind === 'slow' ? reply.events * pace.perEventMs : (1_000 * reply.tokens) / pace.tokensPerSecond;
}
