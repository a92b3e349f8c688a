/** Requests of the run, by kind in turn. */
export const REQUESTS = 1000;
export const AT_ONCE = 16;
export const ASKED = 'gemini-2.5-pro';
export const FALLBACK = 'gemini-2.5-flash';
/** Fails whatever is asked of it, and has nobody to take its place. */
const DEAD = 'gemini-2.5-flash-lite';

export type Kind = 'unary' | 'stream' | 'openai' | 'openai-stream' | 'answer' | 'memory' | 'dead';
export const TURN: readonly Kind[] = [
  'unary',
  'stream',
  'openai',
  'unary',
  'stream',
  'openai-stream',
  'answer',
  'memory',
  'stream',
  'dead',
];

const STREAMED: ReadonlySet<Kind> = new Set(['stream', 'openai-stream', 'answer']);

/** What a client saw of one request. */
export interface Seen {
  readonly kind: Kind;
  readonly traceId: string;
  readonly status: number;
  /** The answer broke off behind its head. */
  readonly broken: boolean;
  /** How often it was told that the answer is gone on with. */
  readonly resumed: number;
  readonly input: number;
  readonly output: number;
  readonly thoughts: number;
}

/** The faults of the run: each strikes a share of the attempts, by a chance that begins at the same seed. */
export const PLAN = {
  seed: 104,
  faults: [
    { model: DEAD, fault: { kind: 'error', status: 'INTERNAL' } },
    { model: 'gemini-2.5-*', probability: 0.04, fault: { kind: 'error', status: 'UNAVAILABLE' } },
    {
      model: 'gemini-2.5-*',
      probability: 0.03,
      fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', retryDelay: '0.02s' },
    },
    { model: 'gemini-2.5-*', probability: 0.03, fault: { kind: 'reset', beforeHeaders: true } },
    { model: ASKED, method: 'streamGenerateContent', probability: 0.06, fault: { kind: 'cut', afterEvents: 4 } },
    { model: ASKED, probability: 0.05, fault: { kind: 'latency', ms: 40 } },
  ],
};

/** Makes one request of the run to a node, and notes what came of it. */
export async function ask(url: string, kind: Kind, number: number): Promise<Seen> {
  const traceId = `f${number.toString(16).padStart(31, '0')}`;
  const { path, body } = requestOf(kind, number);
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer k',
      // Another model does not go on with a text as the first would: its attempt costs tokens that no client is told of.
      ...(STREAMED.has(kind) ? { 'x-l104-fallback': 'off' } : {}),
      traceparent: `00-${traceId}-${'b'.repeat(16)}-00`,
    },
    body: JSON.stringify(body),
  });
  let text = '';
  let broken = false;
  try {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
  } catch {
    broken = true;
  }
  const last = (name: string): number =>
    Number([...text.matchAll(new RegExp(`"${name}":\\s*(\\d+)`, 'g'))].at(-1)?.[1] ?? 0);
  const { status } = response;
  const resumed = [...text.matchAll(/"resume":"|"kind":"resume"/g)].length;
  const input = Math.max(last('promptTokenCount'), last('prompt_tokens'), last('input_tokens'));
  const output = Math.max(last('candidatesTokenCount'), last('completion_tokens'), last('output_tokens'));
  const thoughts = Math.max(last('thoughtsTokenCount'), last('thought_tokens'));
  return { kind, traceId, status, broken, resumed, input, output, thoughts };
}

function requestOf(kind: Kind, number: number): { path: string; body: unknown } {
  const contents = [{ parts: [{ text: `Question ${number}` }] }];
  const messages = [{ role: 'user', content: `Question ${number}` }];
  switch (kind) {
    case 'unary':
      return { path: `/v1beta/models/${ASKED}:generateContent`, body: { contents } };
    case 'stream':
      return { path: `/v1beta/models/${ASKED}:streamGenerateContent?alt=sse`, body: { contents } };
    case 'dead':
      return { path: `/v1beta/models/${DEAD}:generateContent`, body: { contents } };
    case 'openai':
      return { path: '/v1/chat/completions', body: { model: ASKED, messages } };
    case 'openai-stream': {
      const options = { stream: true, stream_options: { include_usage: true } };
      return { path: '/v1/chat/completions', body: { model: ASKED, messages, ...options } };
    }
    case 'answer':
      return { path: '/api/v6/stream', body: { message: `Question ${number}` } };
    case 'memory':
      return { path: '/memory', body: { key: `k${number}`, value: 'v' } };
  }
}
