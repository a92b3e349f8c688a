import { type KeyedFault } from './keyed-faults.js';

/** A way in which an answer can fail to be one. */
export interface AnswerFault extends KeyedFault {
  /** HTTP status of the honest answer; absent where part of the answer has gone out before the fault shows. */
  readonly status?: number;
  /** It shows only when a time limit of the node is reached. */
  readonly waits?: true;
}

const EMPTY: Readonly<Record<string, AnswerFault>> = {
  'STOP with an empty text': { fault: { kind: 'emptyAnswer', shape: 'emptyText' }, status: 502 },
  'STOP without parts': { fault: { kind: 'emptyAnswer', shape: 'noParts' }, status: 502 },
  'STOP without content': { fault: { kind: 'emptyAnswer', shape: 'noContent' }, status: 502 },
  'no candidates': { fault: { kind: 'emptyAnswer', shape: 'noCandidates' }, status: 502 },
  'STOP after thoughts alone': { fault: { kind: 'thoughtsOnly' }, surface: 'native' },
};

const REFUSED: Readonly<Record<string, AnswerFault>> = {
  'overload before the head': { fault: { kind: 'error', status: 'UNAVAILABLE' }, status: 503 },
  'an HTML page with 502': { fault: { kind: 'error', code: 502, html: true }, status: 502 },
  'reset before the head': { fault: { kind: 'reset', beforeHeaders: true }, status: 502 },
  'silence before the head': { fault: { kind: 'silence' }, status: 504, waits: true },
  'silence after the head': { fault: { kind: 'firstTokenDelay' }, status: 504, waits: true },
  'HTML with 200': { fault: { kind: 'html200' }, status: 502 },
  'HTML with 200 said to be events': { fault: { kind: 'html200', contentType: 'text/event-stream' }, status: 502 },
  'HTML with 200 said to be JSON': { fault: { kind: 'html200', contentType: 'application/json' }, status: 502 },
};

/** The faults of streamed answers. */
export const STREAM_FAULTS: Readonly<Record<string, AnswerFault>> = {
  ...EMPTY,
  ...REFUSED,
  'end without a finish reason': { fault: { kind: 'missingFinish' } },
  'clean end in the middle': { fault: { kind: 'cut', cleanEnd: true } },
  'clean end before the first event': { fault: { kind: 'cut', cleanEnd: true, afterEvents: 0 }, status: 502 },
  'cut in the middle': { fault: { kind: 'cut' } },
  'cut before the first event': { fault: { kind: 'cut', afterEvents: 0 }, status: 502 },
  'cut before the finish': { fault: { kind: 'cut', afterEvents: 1_000 } },
  'half an event, then a clean end': { fault: { kind: 'truncatedEvent', then: 'end' } },
  'half an event, then a cut': { fault: { kind: 'truncatedEvent', then: 'cut' } },
  'half of the first event': { fault: { kind: 'truncatedEvent', afterEvents: 0 }, status: 502 },
  'an error event, then a clean end': { fault: { kind: 'inStreamError', then: 'end' } },
  'an error event, then a cut': { fault: { kind: 'inStreamError', then: 'cut' } },
  'an error event, then nothing': { fault: { kind: 'inStreamError', then: 'hang' } },
  'an error as the first event': { fault: { kind: 'inStreamError', afterEvents: 0 }, status: 503 },
  'a bare JSON error': { fault: { kind: 'bareJsonError' } },
  'a bare JSON error instead of events': { fault: { kind: 'bareJsonError', afterEvents: 0 }, status: 503 },
  'a garbage event': { fault: { kind: 'garbage', mode: 'extra' } },
  'a garbage event instead of one': { fault: { kind: 'garbage', mode: 'replace' } },
  'garbage as the first event': { fault: { kind: 'garbage', afterEvents: 0 }, status: 502 },
  'reset in the middle': { fault: { kind: 'reset' } },
  'reset before the first event': { fault: { kind: 'reset', afterEvents: 0 }, status: 502 },
  stall: { fault: { kind: 'stall' }, waits: true },
  'stall before the finish': { fault: { kind: 'stall', afterEvents: 1_000 }, waits: true },
  'usage events without end': { fault: { kind: 'zombie', everyMs: 20 }, waits: true },
};

/** The faults of answers in one piece. */
export const UNARY_FAULTS: Readonly<Record<string, AnswerFault>> = {
  ...EMPTY,
  ...REFUSED,
  'no finish reason': { fault: { kind: 'missingFinish' }, status: 502 },
  'half a body, then a clean end': { fault: { kind: 'cut', cleanEnd: true }, status: 502 },
  'half a body of a known length, then a cut': { fault: { kind: 'cut' }, status: 502 },
  'half a body, then a cut': { fault: { kind: 'truncatedEvent', then: 'cut' }, status: 502 },
  'a body shorter than announced': { fault: { kind: 'truncatedBody' }, status: 502 },
  'an error with 200': { fault: { kind: 'inStreamError' }, status: 503 },
  'an error behind the answer': { fault: { kind: 'bareJsonError' }, status: 502 },
  'garbage behind the answer': { fault: { kind: 'garbage', mode: 'extra' }, status: 502 },
  'garbage in place of the second half': { fault: { kind: 'garbage', mode: 'replace' }, status: 502 },
  'reset in the middle': { fault: { kind: 'reset' }, status: 502 },
  stall: { fault: { kind: 'stall' }, status: 504, waits: true },
  'white space without end': { fault: { kind: 'zombie', everyMs: 20 }, status: 504, waits: true },
};
