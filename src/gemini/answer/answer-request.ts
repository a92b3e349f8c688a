import { z } from 'zod';
import { type ConversationTurn } from '../../memory/index.js';

/** Body of `POST /api/v6/stream`; `signal` is the seed's name for a short message. */
export const answerRequest = z.object({
  message: z.string().min(1).max(100_000).optional(),
  signal: z.string().min(1).max(512).optional(),
  model_hint: z
    .string()
    .max(100)
    .regex(/^[\w.-]*$/, 'holds characters that no model name has')
    .optional(),
  session_id: z
    .string()
    .regex(/^[\w.-]{1,128}$/, 'must be 1 to 128 letters, digits, dots, dashes or underscores')
    .optional(),
  system: z.string().min(1).max(100_000).optional(),
});

export type AnswerRequest = z.infer<typeof answerRequest>;

/** A question and its answer, earlier in the conversation. */
type Turn = Pick<ConversationTurn, 'userText' | 'modelText'>;

/** What the person said: the message, else the signal, else the seed's heartbeat. */
export function messageOf(request: AnswerRequest): string {
  return request.message ?? request.signal ?? 'HEARTBEAT';
}

/** A request for text in Gemini's own words. */
interface GeminiRequest {
  readonly contents: readonly object[];
  readonly systemInstruction?: object;
}

/** The same as the body of a call. */
export function geminiBody(request: AnswerRequest, history: readonly Turn[]): Buffer {
  return Buffer.from(JSON.stringify(geminiRequest(request, history)));
}

/** Of such a body, one without the older half of the turns before the newest message. */
export function withHalfTheHistory(body: Buffer): Buffer {
  const request = JSON.parse(body.toString()) as GeminiRequest;
  const turns = Math.floor(request.contents.length / 2);
  return Buffer.from(JSON.stringify({ ...request, contents: request.contents.slice(2 * Math.ceil(turns / 2)) }));
}

/** What Gemini is asked to answer a request. */
export function geminiRequest(request: AnswerRequest, history: readonly Turn[]): GeminiRequest {
  const soFar = history.flatMap(({ userText, modelText }) => [content('user', userText), content('model', modelText)]);
  return {
    contents: [...soFar, content('user', messageOf(request))],
    ...(request.system === undefined ? {} : { systemInstruction: { parts: [{ text: request.system }] } }),
  };
}

function content(role: 'user' | 'model', text: string): object {
  return { role, parts: [{ text }] };
}
