import { stampOf } from '../load/stamp.js';

const MODEL = 'gemini-2.5-flash';
const PROSE =
  'Resilience is the ability of a system to keep answering while parts of it fail. It rests on three habits: ' +
  'knowing early that something is wrong, keeping the fault in one place, and trying again only where that helps. ';

/** An unary answer of Gemini, about 1 kB. */
export const GEMINI_ANSWER = Buffer.from(
  JSON.stringify(
    {
      candidates: [
        {
          content: { parts: [{ text: PROSE.repeat(3) }], role: 'model' },
          finishReason: 'STOP',
          avgLogprobs: -0.21,
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 412,
        candidatesTokenCount: 121,
        totalTokenCount: 533,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 412 }],
        candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 121 }],
      },
      modelVersion: MODEL,
      responseId: 'kq3XaJ2bF7Gq1MkP4sWb8Ac',
    },
    undefined,
    2,
  ),
);

/** The same in OpenAI's form. */
export const OPENAI_ANSWER = Buffer.from(
  JSON.stringify({
    choices: [{ finish_reason: 'stop', index: 0, message: { content: PROSE.repeat(3), role: 'assistant' } }],
    created: 1_760_000_000,
    id: 'kq3XaJ2bF7Gq1MkP4sWb8Ac',
    model: MODEL,
    object: 'chat.completion',
    usage: { completion_tokens: 121, prompt_tokens: 412, total_tokens: 533 },
  }),
);

const GEMINI_HEAD = 'data: {"candidates": [{"content": {"parts": [{"text": "';
const GEMINI_TAIL =
  '"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 412,"candidatesTokenCount": 24,' +
  `"totalTokenCount": 436},"modelVersion": "${MODEL}","responseId": "kq3XaJ2bF7Gq1MkP4sWb8Ac"}\r\n\r\n`;
const WORDS = 'a part of the answer, some fifteen tokens, as they come from the model ';

/** One event of a stream in Gemini's form, about 300 bytes, that carries the time it is sent. */
export function geminiEvent(nowMs: number, last: boolean): string {
  const tail = last ? GEMINI_TAIL.replace('"index"', '"finishReason": "STOP","index"') : GEMINI_TAIL;
  return `${GEMINI_HEAD}${stampOf(nowMs)} ${WORDS}${tail}`;
}

const OPENAI_HEAD = 'data: {"choices":[{"delta":{"content":"';

/** The same in OpenAI's form. */
export function openAiEvent(nowMs: number, last: boolean): string {
  const reason = last ? '"stop"' : 'null';
  return (
    `${OPENAI_HEAD}${stampOf(nowMs)} ${WORDS}","role":"assistant"},"finish_reason":${reason},"index":0}],` +
    `"created":1760000000,"id":"kq3XaJ2bF7Gq1MkP4sWb8Ac","model":"${MODEL}","object":"chat.completion.chunk"}\n\n`
  );
}

/** What ends a stream in OpenAI's form. */
export const OPENAI_END = 'data: [DONE]\n\n';
