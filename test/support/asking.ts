/** Model that tests ask. */
export const MODEL = 'gemini-2.5-flash';

/** The ways to ask for a text: dialect and form of the answer. */
export const FORMS = ['gemini-sse', 'gemini-array', 'gemini', 'openai-sse', 'openai'] as const;
export type Form = (typeof FORMS)[number];

const PATHS: Readonly<Record<Form, string>> = {
  'gemini-sse': `/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`,
  'gemini-array': `/v1beta/models/${MODEL}:streamGenerateContent`,
  gemini: `/v1beta/models/${MODEL}:generateContent`,
  'openai-sse': '/v1/chat/completions',
  openai: '/v1/chat/completions',
};

/** What is asked; the rest is the same for every call. */
export interface Ask {
  readonly form?: Form;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks the node at `url` for a text. */
export function ask(
  url: string,
  { form = 'gemini-sse', text = 'Hello', headers = {}, signal }: Ask,
): Promise<Response> {
  const body = form.startsWith('openai')
    ? { model: MODEL, messages: [{ role: 'user', content: text }], stream: form === 'openai-sse' }
    : { contents: [{ parts: [{ text }] }] };
  return fetch(url + PATHS[form], {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k', ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What was needed for an answer, by its own word. */
export function healing(response: Response): string | null {
  return response.headers.get('x-l104-healing');
}

/** The value of one Prometheus series, written as in the exposition. */
export async function metric(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics/prometheus`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length),
  );
}

/** As many things as asked for. */
export function many<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
