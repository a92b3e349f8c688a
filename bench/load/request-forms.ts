import { type RequestForm } from './messages.js';

const TURN =
  'We run a shop with forty thousand articles, and every night the supplier sends new descriptions, most of them changed in a word or two. ';
const KEY = 'bench-key-of-the-client';
const GOOGLE_HEADERS = [
  ...['user-agent', 'google-genai-sdk/2.32.0 gl-node/v20.20.2'],
  ...['x-goog-api-client', 'google-genai-sdk/2.32.0 gl-node/v20.20.2', 'x-goog-api-key', KEY],
];
const OPENAI_HEADERS = [
  ...['user-agent', 'OpenAI/JS 6.30.1', 'authorization', `Bearer ${KEY}`, 'x-stainless-lang', 'js'],
  ...['x-stainless-package-version', '6.30.1', 'x-stainless-os', 'Linux', 'x-stainless-arch', 'x64'],
  ...['x-stainless-runtime', 'node', 'x-stainless-runtime-version', 'v20.20.2', 'x-stainless-retry-count', '0'],
];

/** A conversation of about 2 kB in Gemini's form, with `parts` ahead of the last question. */
function conversation(...parts: object[]): string {
  return JSON.stringify({
    systemInstruction: { parts: [{ text: 'Answer in two or three sentences. Say so when you do not know.' }] },
    contents: [
      { role: 'user', parts: [{ text: TURN.repeat(6) }] },
      { role: 'model', parts: [{ text: TURN.repeat(5) }] },
      { role: 'user', parts: [...parts, { text: 'What would you do first?' }] },
    ],
    generationConfig: { temperature: 0.4, maxOutputTokens: 400 },
  });
}

/** The same in OpenAI's form. */
function chat(stream: boolean): string {
  return JSON.stringify({
    model: 'gemini-2.5-flash',
    messages: [
      { role: 'system', content: 'Answer in two or three sentences. Say so when you do not know.' },
      { role: 'user', content: TURN.repeat(6) },
      { role: 'assistant', content: TURN.repeat(5) },
      { role: 'user', content: 'What would you do first?' },
    ],
    temperature: 0.4,
    ...(stream ? { stream: true } : {}),
  });
}

const MODEL = '/v1beta/models/gemini-2.5-flash';
const IMAGE = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo'.repeat(18_000) } };

/** Requests as SDKs send them, by what they ask for. */
export const FORMS = {
  native: { path: `${MODEL}:generateContent`, headers: GOOGLE_HEADERS, body: conversation() },
  /** About 200 kB: a picture within the conversation. */
  nativeLarge: { path: `${MODEL}:generateContent`, headers: GOOGLE_HEADERS, body: conversation(IMAGE) },
  nativeStream: { path: `${MODEL}:streamGenerateContent?alt=sse`, headers: GOOGLE_HEADERS, body: conversation() },
  chat: { path: '/v1/chat/completions', headers: OPENAI_HEADERS, body: chat(false) },
  chatStream: { path: '/v1/chat/completions', headers: OPENAI_HEADERS, body: chat(true) },
} as const satisfies Record<string, RequestForm>;
