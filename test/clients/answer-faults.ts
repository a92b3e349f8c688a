import { type KeyedFault } from './keyed-faults.js';

/** A way in which an answer can fail to be one. */
export interface AnswerFault extends KeyedFault {
  /** HTTP status of the honest answer; absent where part of the answer has gone out before the fault shows. */
  readonly status?: number;
  /** It shows only when a time limit of the node is reached. */
  readonly waits?: true;
  /** The target has to rest after it for longer than a caller is let wait. */
  readonly rests?: true;
  /** The answer is whole although it does not look so. */
  readonly harmless?: true;
}

const EMPTY: Readonly<Record<string, AnswerFault>> = {
  'STOP with an empty text': { fault: { kind: 'emptyAnswer', shape: 'emptyText' }, status: 502 },
  'STOP without parts': { fault: { kind: 'emptyAnswer', shape: 'noParts' }, status: 502 },
  'STOP without content': { fault: { kind: 'emptyAnswer', shape: 'noContent' }, status: 502 },
  'no candidates': { fault: { kind: 'emptyAnswer', shape: 'noCandidates' }, status: 502 },
  'STOP after thoughts alone': { fault: { kind: 'thoughtsOnly' }, surface: 'native' },
};

const REFUSED: Readonly<Record<string, AnswerFault>> = {
  '503 UNAVAILABLE': { fault: { kind: 'error', status: 'UNAVAILABLE' }, status: 503 },
  '500 INTERNAL': { fault: { kind: 'error', status: 'INTERNAL' }, status: 500 },
  '504 DEADLINE_EXCEEDED': { fault: { kind: 'error', status: 'DEADLINE_EXCEEDED' }, status: 504 },
  '429 for a moment': { fault: { kind: 'error', quota: 'PerMinute', retryDelay: '20ms' }, status: 429 },
  '429 without details': { fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', bare: true }, status: 429 },
  '429 for the day': { fault: { kind: 'error', quota: 'PerDay' }, status: 429, rests: true },
  '429 for want of capacity': { fault: { kind: 'capacity' }, status: 429 },
  '499 CANCELLED': { fault: { kind: 'cancelled' }, status: 499 },
  'an HTML page with 502': { fault: { kind: 'error', code: 502, html: true }, status: 502 },
  'reset before the head': { fault: { kind: 'reset', beforeHeaders: true }, status: 502 },
  'silence before the head': { fault: { kind: 'silence' }, status: 504, waits: true },
  'silence after the head': { fault: { kind: 'firstTokenDelay' }, status: 504, waits: true },
  'HTML with 200': { fault: { kind: 'html200' }, status: 502 },
  'HTML with 200 said to be events': { fault: { kind: 'html200', contentType: 'text/event-stream' }, status: 502 },
  'HTML with 200 said to be JSON': { fault: { kind: 'html200', contentType: 'application/json' }, status: 502 },
};

/** Where in a stream of some ten events a fault strikes: how many are sent before it. */
const PLACES = {
  'before the first event': 0,
  'after the first event': 1,
  'in the middle': 5,
  'before the last event': 1_000,
} as const;

/** A fault at every place; before the first event the error still has a status, given by `status`. */
function anywhere(
  what: string,
  fault: AnswerFault['fault'],
  { status, waits }: Pick<AnswerFault, 'status' | 'waits'>,
): Readonly<Record<string, AnswerFault>> {
  return Object.fromEntries(
    Object.entries(PLACES).map(([where, afterEvents]) => [
      `${what} ${where}`,
      {
        fault: { ...fault, afterEvents },
        ...(afterEvents === 0 && status !== undefined && { status }),
        ...(waits === true && { waits }),
      },
    ]),
  );
}

/** The faults of streamed answers. */
export const STREAM_FAULTS: Readonly<Record<string, AnswerFault>> = {
  ...REFUSED,
  ...EMPTY,
  ...anywhere('clean end', { kind: 'cut', cleanEnd: true }, { status: 502 }),
  ...anywhere('cut', { kind: 'cut' }, { status: 502 }),
  ...anywhere('reset', { kind: 'reset' }, { status: 502 }),
  ...anywhere('half an event and a clean end', { kind: 'truncatedEvent', then: 'end' }, { status: 502 }),
  ...anywhere('half an event and a cut', { kind: 'truncatedEvent', then: 'cut' }, { status: 502 }),
  ...anywhere('an error event and a clean end', { kind: 'inStreamError', then: 'end' }, { status: 503 }),
  ...anywhere('an error event and a cut', { kind: 'inStreamError', then: 'cut' }, { status: 503 }),
  ...anywhere('an error event and nothing more', { kind: 'inStreamError', then: 'hang' }, { status: 503 }),
  ...anywhere('a bare JSON error', { kind: 'bareJsonError' }, { status: 503 }),
  ...anywhere('a garbage event', { kind: 'garbage', mode: 'extra' }, { status: 502 }),
  ...anywhere('garbage instead of an event', { kind: 'garbage', mode: 'replace' }, { status: 502 }),
  ...anywhere('stall', { kind: 'stall' }, { status: 504, waits: true }),
  ...anywhere('usage events without end', { kind: 'zombie', everyMs: 20 }, { status: 504, waits: true }),
  'end without a finish reason': { fault: { kind: 'missingFinish' } },
  'an end that is never sent': { fault: { kind: 'noTerminator' }, harmless: true },
  'a cut behind the whole answer': { fault: { kind: 'truncatedBody' }, harmless: true },
};

/** The faults of answers in one piece. */
export const UNARY_FAULTS: Readonly<Record<string, AnswerFault>> = {
  ...REFUSED,
  ...EMPTY,
  'no finish reason': { fault: { kind: 'missingFinish' }, status: 502 },
  'half a body, then a clean end': { fault: { kind: 'cut', cleanEnd: true }, status: 502 },
  'half a body of a known length, then a cut': { fault: { kind: 'cut' }, status: 502 },
  'half a body, then a cut': { fault: { kind: 'truncatedEvent', then: 'cut' }, status: 502 },
  'a body shorter than announced': { fault: { kind: 'truncatedBody' }, status: 502 },
  'an error with 200': { fault: { kind: 'inStreamError' }, status: 503 },
  'an error with 200, then a cut': { fault: { kind: 'inStreamError', then: 'cut' }, status: 503 },
  'an error with 200, then nothing': { fault: { kind: 'inStreamError', then: 'hang' }, status: 504, waits: true },
  'an error behind the answer': { fault: { kind: 'bareJsonError' }, status: 502 },
  'garbage behind the answer': { fault: { kind: 'garbage', mode: 'extra' }, status: 502 },
  'garbage in place of the second half': { fault: { kind: 'garbage', mode: 'replace' }, status: 502 },
  'reset in the middle': { fault: { kind: 'reset' }, status: 502 },
  stall: { fault: { kind: 'stall' }, status: 504, waits: true },
  'an answer without an end': { fault: { kind: 'noTerminator' }, status: 504, waits: true },
  'white space without end': { fault: { kind: 'zombie', everyMs: 20 }, status: 504, waits: true },
};
