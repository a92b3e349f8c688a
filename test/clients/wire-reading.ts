/** The forms in which an answer travels. */
export const FORMS = {
  'native SSE': {
    dialect: 'gemini',
    streamed: true,
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  },
  'JSON array': { dialect: 'gemini', streamed: true, path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent' },
  'OpenAI SSE': { dialect: 'openai', streamed: true, path: '/v1beta/openai/chat/completions' },
  'native JSON': { dialect: 'gemini', streamed: false, path: '/v1beta/models/gemini-2.5-flash:generateContent' },
  'OpenAI JSON': { dialect: 'openai', streamed: false, path: '/v1beta/openai/chat/completions' },
} as const;

export type FormName = keyof typeof FORMS;
type JsonObject = Readonly<Record<string, unknown>>;

/** A response as it came, to its end or to where it broke. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Headers;
  readonly body: string;
  /** True when the connection broke before the message was whole. */
  readonly broken: boolean;
}

/** Asks by plain HTTP and reads all that comes. */
export async function ask(url: string, key: string, form: FormName, prompt: string): Promise<WireAnswer> {
  const { dialect, path, streamed } = FORMS[form];
  const body =
    dialect === 'gemini'
      ? { contents: [{ parts: [{ text: prompt }] }] }
      : { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: prompt }], stream: streamed };
  const credential = dialect === 'gemini' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` };
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential },
    body: JSON.stringify(body),
  });
  const decoder = new TextDecoder();
  let text = '';
  let broken = false;
  try {
    for await (const chunk of response.body as ReadableStream<Uint8Array>)
      text += decoder.decode(chunk, { stream: true });
  } catch {
    broken = true;
  }
  const { status, headers } = response;
  return { status, contentType: headers.get('content-type') ?? '', headers, body: text, broken };
}

/** The events of a streamed answer, or an answer in one piece as the only one; each has to be whole, also the last. */
export function eventsOf({ body, broken }: WireAnswer, form: FormName): readonly JsonObject[] {
  if (!FORMS[form].streamed) return [JSON.parse(body) as JsonObject];
  if (form === 'JSON array') return JSON.parse(broken ? `${body}]` : body) as JsonObject[];
  const events = body.split(/\r?\n\r?\n/);
  if (events.pop() !== '') throw new Error('the last event has no blank line behind it');
  if (form === 'OpenAI SSE' && !broken && events.pop() !== 'data: [DONE]') throw new Error('no [DONE]');
  return events.map((event) => {
    if (!event.startsWith('data: ')) throw new Error(`not an event that all clients can read: ${event}`);
    return JSON.parse(event.slice(6)) as JsonObject;
  });
}

interface Candidate {
  readonly content?: { readonly parts?: readonly { readonly text?: string }[] };
  readonly finishReason?: string;
}

interface Choice {
  readonly delta?: { readonly content?: string };
  readonly message?: { readonly content?: string };
  readonly finish_reason?: string | null;
}

/** The text that events carry. */
export function textOf(events: readonly JsonObject[]): string {
  return events
    .map((event) => {
      const candidate = (event['candidates'] as Candidate[] | undefined)?.[0];
      const choice = (event['choices'] as Choice[] | undefined)?.[0];
      const parts = candidate?.content?.parts ?? [];
      return parts.map(({ text }) => text ?? '').join('') + ((choice?.delta ?? choice?.message)?.content ?? '');
    })
    .join('');
}

/** Whether one of the events says that the answer is finished. */
export function finished(events: readonly JsonObject[]): boolean {
  return events.some((event) => {
    const candidate = (event['candidates'] as Candidate[] | undefined)?.[0];
    const choice = (event['choices'] as Choice[] | undefined)?.[0];
    return typeof (candidate?.finishReason ?? choice?.finish_reason) === 'string';
  });
}
