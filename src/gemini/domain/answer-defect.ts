import { type ErrorCode, gatewayError } from '../../kernel/error-codes.js';
import { type GatewayError } from '../../kernel/gateway-error.js';
import { type UpstreamError } from './upstream-error.js';

/** The ways in which an answer with status 200 can be none; a label of metrics. */
export const DEFECTS = [
  'no_finish',
  'empty',
  'bad_call',
  'truncated_event',
  'malformed_event',
  'foreign_bytes',
  'wrong_type',
  'error_event',
  'event_too_large',
  'no_seam',
  'too_slow',
  'continues',
] as const;

export type DefectKind = (typeof DEFECTS)[number];

const CODE_AND_TEXT: Readonly<Record<DefectKind, readonly [ErrorCode, string]>> = {
  no_finish: ['STREAM_INCOMPLETE', 'The answer of Gemini ended without a finish reason: it is not complete.'],
  empty: ['EMPTY_ANSWER', 'Gemini finished with reason STOP without saying anything.'],
  bad_call: ['UPSTREAM_BROKEN_ANSWER', 'Gemini answered with a malformed function call and nothing else.'],
  truncated_event: ['STREAM_INCOMPLETE', 'The answer of Gemini broke off within an event: it is not complete.'],
  malformed_event: [
    'UPSTREAM_BROKEN_ANSWER',
    'Gemini sent an event that is not valid JSON: part of the answer may be missing.',
  ],
  foreign_bytes: ['UPSTREAM_BROKEN_ANSWER', 'Gemini sent bytes that are not of the form asked for.'],
  wrong_type: ['UPSTREAM_BROKEN_ANSWER', 'Gemini answered with a content type that holds no answer.'],
  error_event: ['STREAM_INCOMPLETE', 'Gemini reported an error in place of the rest of the answer.'],
  no_seam: [
    'STREAM_INCOMPLETE',
    'The answer broke off, and what Gemini said instead does not go on with what had been said.',
  ],
  too_slow: [
    'STREAM_STALLED',
    'Gemini went on with the answer more slowly than STREAM_MIN_CHARACTERS_PER_SECOND, for STREAM_FLOOR_WINDOW.',
  ],
  continues: ['STREAM_INCOMPLETE', 'Gemini gives the answer in parts, and the next part could not be had.'],
  event_too_large: ['UPSTREAM_BROKEN_ANSWER', 'Gemini sent an event larger than STREAM_EVENT_LIMIT.'],
};

/** An answer that looks whole to clients but is not. */
export class AnswerDefect extends Error {
  constructor(
    readonly kind: DefectKind,
    /** The upstream's own error, where the defect is an error event. */
    readonly upstream?: UpstreamError,
  ) {
    super(kind);
  }

  /** The error to show where the upstream gave none of its own. */
  toGatewayError(): GatewayError {
    return gatewayError(...CODE_AND_TEXT[this.kind]);
  }
}
