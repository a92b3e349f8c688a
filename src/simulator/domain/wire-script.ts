import { type Frame } from './answer.js';
import { type MatchedFaults } from './fault-book.js';
import { type StreamFault } from './fault-plan.js';
import { type Framing } from './framing.js';
import { errorBody } from './rpc-error.js';
import { bodySteps, type BodyReply, SETTLE_MS, type WireStep } from './body-script.js';

/** A response that is sent event by event. */
export interface StreamReply {
  readonly kind: 'stream';
  readonly framing: Framing;
  readonly frames: readonly Frame[];
  /** An event that carries nothing new, as it would stand after so many events. */
  readonly idle: (events: number) => string;
}

/** What a request is answered with, before any fault on the way. */
export type Reply = BodyReply | StreamReply | { readonly kind: 'reset' };

/** How an event is sent: the steps of a response, its faults included; `pauseMs` is the wait between two events. */
export function* wireScript(reply: Reply, faults: MatchedFaults, pauseMs: number): Generator<WireStep> {
  const { delay } = faults;
  if (delay?.kind === 'latency') yield { do: 'wait', ms: delay.ms + delay.jitterMs * faults.chance };
  if (delay?.kind === 'silence') yield delay.forMs === undefined ? { do: 'hang' } : { do: 'wait', ms: delay.forMs };
  if (reply.kind === 'reset') yield { do: 'reset' };
  else if (reply.kind === 'body') yield* bodySteps(reply, faults, pauseMs);
  else yield* streamSteps(reply, faults, pauseMs);
}

function* streamSteps(reply: StreamReply, faults: MatchedFaults, pauseMs: number): Generator<WireStep> {
  const { framing, frames } = reply;
  const { stream: fault, firstToken } = faults;
  yield { do: 'head', status: 200, contentType: framing.contentType, headers: {} };
  if (firstToken !== undefined) yield firstToken.ms === undefined ? { do: 'hang' } : { do: 'wait', ms: firstToken.ms };
  // A short answer has fewer events than the fault waits for: then it strikes before the last one.
  const strikeAt = fault !== undefined && 'afterEvents' in fault ? Math.min(fault.afterEvents, frames.length - 1) : -1;
  let sent = 0;
  let spoilt = false;
  for (const [at, frame] of frames.entries()) {
    if (at > 0) yield* pauseBefore(frame, faults, pauseMs);
    if (fault !== undefined && at === strikeAt) {
      const extra = yield* strike(fault, reply, sent, frame);
      if (extra === 'ended') return;
      sent += extra;
    }
    if (fault?.kind === 'garbage' && fault.mode === 'replace' && !spoilt && at >= strikeAt && frame.text) {
      spoilt = true;
      yield { do: 'send', text: framing.garbage(sent++) };
      continue;
    }
    if (faults.decor !== undefined) yield { do: 'send', text: decoration(faults.decor.eventName, framing) };
    yield { do: 'send', text: framing.frame(frame, sent++), event: true };
  }
  if (fault?.kind === 'noTerminator') yield { do: 'hang' };
  if (fault?.kind === 'truncatedBody') {
    yield { do: 'wait', ms: SETTLE_MS };
    yield { do: 'cut' };
    return;
  }
  const close = framing.close(sent);
  if (close !== '') yield { do: 'send', text: close };
  yield { do: 'end' };
}

function* pauseBefore(frame: Frame, faults: MatchedFaults, pauseMs: number): Generator<WireStep> {
  const { pace } = faults;
  const ms =
    pace === undefined
      ? pauseMs
      : pace.kind === 'slow'
        ? pace.perEventMs
        : (1_000 * frame.tokens) / pace.tokensPerSecond;
  if (ms > 0) yield { do: 'wait', ms };
}

/** What a fault does when its turn has come: ends the response, or tells how many events it put in. */
function* strike(
  fault: StreamFault,
  reply: StreamReply,
  sent: number,
  next: Frame,
): Generator<WireStep, 'ended' | number> {
  const { framing } = reply;
  switch (fault.kind) {
    case 'stall':
      yield fault.forMs === undefined ? { do: 'hang' } : { do: 'wait', ms: fault.forMs };
      return 0;
    case 'cut':
      yield fault.cleanEnd ? { do: 'end' } : { do: 'cut' };
      return 'ended';
    case 'reset':
      yield { do: 'wait', ms: SETTLE_MS };
      yield { do: 'reset' };
      return 'ended';
    case 'truncatedEvent': {
      const whole = framing.frame(next, sent);
      yield { do: 'send', text: whole.slice(0, Math.ceil(whole.length / 2)) };
      yield { do: fault.then };
      return 'ended';
    }
    case 'garbage':
      if (fault.mode === 'replace') return 0;
      yield { do: 'send', text: framing.garbage(sent) };
      return 1;
    case 'inStreamError':
      yield { do: 'send', text: framing.frame({ data: JSON.stringify(errorBody(fault)) }, sent), event: true };
      if (fault.then === 'end') yield { do: 'send', text: framing.close(sent + 1) };
      yield { do: fault.then };
      return 'ended';
    case 'bareJsonError':
      yield { do: 'send', text: `${JSON.stringify(errorBody(fault), null, 2)}\n` };
      yield { do: 'end' };
      return 'ended';
    case 'zombie':
      return yield* zombie(fault, reply, sent);
    default:
      return 0;
  }
}

function* zombie(
  fault: Extract<StreamFault, { kind: 'zombie' }>,
  reply: StreamReply,
  sent: number,
): Generator<WireStep, number> {
  const idle = reply.idle(sent);
  let rounds = 0;
  for (let passed = 0; passed < (fault.forMs ?? Infinity); passed += fault.everyMs) {
    yield { do: 'send', text: reply.framing.frame({ data: idle }, sent + rounds++), event: true };
    yield { do: 'wait', ms: fault.everyMs };
  }
  return rounds;
}

function decoration(eventName: string | undefined, framing: Framing): string {
  return eventName === undefined || framing.comment === '\n' ? framing.comment : `event: ${eventName}\n`;
}
