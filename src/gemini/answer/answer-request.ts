import { z } from 'zod';

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

/** One turn of a conversation so far. */
export interface Turn {
  readonly role: 'user' | 'model';
  readonly text: string;
}

/** What the person said: the message, else the signal, else the seed's heartbeat. */
export function messageOf(request: AnswerRequest): string {
  return request.message ?? request.signal ?? 'HEARTBEAT';
}

/** The call to Gemini that answers a request. */
export function geminiBody(request: AnswerRequest, history: readonly Turn[]): Buffer {
  const turns = [...history, { role: 'user', text: messageOf(request) }];
  return Buffer.from(
    JSON.stringify({
      contents: turns.map(({ role, text }) => ({ role, parts: [{ text }] })),
      ...(request.system === undefined ? {} : { systemInstruction: { parts: [{ text: request.system }] } }),
    }),
  );
}
