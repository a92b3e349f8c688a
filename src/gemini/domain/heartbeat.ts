import { type StreamForm } from './route.js';

/** What the node tells of its own work within an answer whose head could not tell it. */
export interface Told {
  readonly model?: string | undefined;
  readonly attempts: number;
  readonly healing: readonly string[];
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;

/**
 * An event that every native client reads and none makes anything of. Comments and event names break some of them, and
 * for a candidate with an empty text LangChain counts the tokens of the event before it once more.
 */
const NOTHING_YET = '{"candidates":[]}';

/** What keeps a stream of each form from falling silent, between two of its events. */
export const HEARTBEAT: Readonly<Record<StreamForm, string>> = {
  'gemini-sse': `data: ${NOTHING_YET}\r\n\r\n`,
  'gemini-array': `,\r\n${NOTHING_YET}`,
  'openai-sse': ': keep-alive\n\n',
};

/** The same where nothing of the stream was sent: it opens the array. */
export const FIRST_HEARTBEAT: Readonly<Record<StreamForm, string>> = {
  ...HEARTBEAT,
  'gemini-array': `[${NOTHING_YET}`,
};

/** Content type of a stream whose upstream has not told one. */
export const STREAM_TYPE: Readonly<Record<StreamForm, string>> = {
  'gemini-sse': 'text/event-stream',
  'gemini-array': 'application/json; charset=UTF-8',
  'openai-sse': 'text/event-stream; charset=utf-8',
};

/**
 * The first events of an answer behind a heartbeat: the array is open already, and the first event tells in a field
 * `l104` what the head would have told.
 */
export function behindHeartbeat(form: StreamForm, events: Buffer, told: Told): Buffer {
  const at = events.indexOf(OPEN_BRACE) + 1;
  if (at === 0) return events;
  const before = Buffer.from(events.subarray(0, at));
  const bracket = form === 'gemini-array' ? before.indexOf('[') : -1;
  if (bracket >= 0) before[bracket] = COMMA;
  const empty = firstVisible(events, at) === CLOSE_BRACE;
  return Buffer.concat([before, Buffer.from(`"l104":${JSON.stringify(told)}${empty ? '' : ','}`), events.subarray(at)]);
}

function firstVisible(bytes: Buffer, from: number): number | undefined {
  let at = from;
  while ((bytes[at] ?? CLOSE_BRACE) <= 0x20) at++;
  return bytes[at];
}
