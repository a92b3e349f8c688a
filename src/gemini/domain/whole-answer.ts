import { AnswerDefect } from './answer-defect.js';
import { type AnswerState, GeminiAnswer, OpenAiAnswer } from './answer-state.js';
import { parseJson, type Span, topLevelMembers, valueAt } from './json-scan.js';
import { type Surface } from './route.js';
import { isRecord, readUpstreamError } from './upstream-error.js';

/** Up to this size the content of an answer is parsed, bytes: nothing larger says nothing. */
const PARSE_LIMIT = 16 * 1024;

/** What tells that an answer is complete; within a text its quotation marks would be escaped. */
const FINISH = { gemini: '"finishReason"', openai: '"finish_reason"' } as const;

const MEMBERS = {
  gemini: ['candidates', 'promptFeedback', 'usageMetadata', 'modelVersion', 'error'],
  openai: ['choices', 'usage', 'model', 'error'],
} as const;

/**
 * Checks a whole answer of a generating call without parsing more of it than it must, and
 * returns what it tells of model and tokens. Throws AnswerDefect when it is no answer.
 */
export function checkWholeAnswer(surface: Surface, body: Buffer): AnswerState {
  const { event, large } = body.length <= PARSE_LIMIT ? small(body) : membersOf(surface, body);
  const error = 'error' in event ? readUpstreamError(event) : undefined;
  if (error !== undefined) throw new AnswerDefect('error_event', error);
  const state = surface === 'openai' ? new OpenAiAnswer() : new GeminiAnswer();
  state.accept(event);
  if (large) {
    if (!body.includes(FINISH[surface])) throw new AnswerDefect('no_finish');
    return state;
  }
  if (!state.complete) throw new AnswerDefect('no_finish');
  if (state.empty) throw new AnswerDefect('empty');
  return state;
}

interface Read {
  readonly event: Record<string, unknown>;
  /** The content was too large to be looked at. */
  readonly large: boolean;
}

/** One parse costs less than a scan and several small ones. */
function small(body: Buffer): Read {
  const event = parseJson(body.toString('utf8'));
  if (!isRecord(event)) throw notAnObject(body);
  return { event, large: false };
}

function membersOf(surface: Surface, body: Buffer): Read {
  const members = topLevelMembers(body, MEMBERS[surface]);
  if (members === undefined) throw notAnObject(body);
  const said = surface === 'openai' ? 'choices' : 'candidates';
  const content = members.get(said);
  const large = content !== undefined && content.end - content.start > PARSE_LIMIT;
  const event: Record<string, unknown> = {};
  for (const [name, span] of members) if (!(large && name === said)) event[name] = parsed(body, span);
  return { event, large };
}

function parsed(body: Buffer, span: Span): unknown {
  const value = valueAt(body, span);
  if (value === undefined) throw new AnswerDefect('malformed_event');
  return value;
}

/** Google wraps some errors in an array; anything else that is no object is no answer. */
function notAnObject(body: Buffer): AnswerDefect {
  const start = body.toString('latin1', 0, 64).trim();
  const error = start.startsWith('[') ? readUpstreamError(parseJson(body.toString('utf8'))) : undefined;
  if (error !== undefined) return new AnswerDefect('error_event', error);
  return new AnswerDefect(start.startsWith('{') ? 'truncated_event' : 'foreign_bytes');
}

/** Whether a JSON body that is only passed on is whole; its content is not looked at. Arrays are parsed: they are rare. */
export function isWholeJson(body: Buffer): boolean {
  if (topLevelMembers(body, []) !== undefined) return true;
  const value = parseJson(body.toString('utf8'));
  return value !== undefined && !isRecord(value);
}
