/** Forms in which an answer is streamed. */
export type Form = 'sse' | 'array' | 'openai';

/** A streamed answer as a client puts it together. */
export interface Answer {
  readonly text: string;
  readonly events: Record<string, unknown>[];
  /** The connection broke, or an error event came. */
  readonly failed: boolean;
}

/** What is asked. */
export interface Asked {
  readonly model?: string;
  readonly prompt?: string;
  readonly headers?: Record<string, string>;
  readonly more?: Record<string, unknown>;
}

/** Asks a node for a stream, and reads to its end or to the break. */
export async function ask(url: string, form: Form, asked: Asked = {}): Promise<Answer> {
  const { model = 'gemini-2.5-flash', prompt = 'Tell me #words=60', headers = {}, more = {} } = asked;
  const openai = form === 'openai';
  const path = `/v1beta/models/${model}:streamGenerateContent${form === 'sse' ? '?alt=sse' : ''}`;
  const usage = { stream: true, stream_options: { include_usage: true } };
  const response = await fetch(url + (openai ? '/v1/chat/completions' : path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k', ...headers },
    body: JSON.stringify({
      ...(openai
        ? { model, messages: [{ role: 'user', content: prompt }], ...usage }
        : { contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
      ...more,
    }),
  });
  let raw = '';
  let cut = false;
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) raw += decoder.decode(chunk as Uint8Array, { stream: true });
  } catch {
    cut = true;
  }
  const events = cut && form === 'array' ? [] : eventsOf(form, raw);
  return { text: events.map(textOf).join(''), events, failed: cut || raw.includes('"error"') };
}

function eventsOf(form: Form, raw: string): Record<string, unknown>[] {
  if (form === 'array') return JSON.parse(raw) as Record<string, unknown>[];
  const lines = raw.split(/\r?\n/).filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>);
}

function textOf(event: Record<string, unknown>): string {
  const { candidates, choices } = event as {
    candidates?: { content?: { parts?: { text?: string; thought?: boolean }[] } }[];
    choices?: { delta?: { content?: string } }[];
  };
  const parts = candidates?.[0]?.content?.parts ?? [];
  return (
    parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join('') +
    (choices?.[0]?.delta?.content ?? '')
  );
}
