/** The surface on which a caller asks: Gemini's own, OpenAI's, or the endpoint of the node itself. */
export type Surface = 'native' | 'openai' | 'own';

/** The form in which an answer is asked for. */
export interface Form {
  readonly surface: Surface;
  readonly streamed: boolean;
}

/** What a caller asks. */
export interface Question {
  readonly form: Form;
  readonly model: string;
  readonly prompt: string;
}

/** A request ready to be sent. */
export interface CallRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `native stream`, `openai unary`. */
export function formName({ surface, streamed }: Form): string {
  return `${surface} ${streamed ? 'stream' : 'unary'}`;
}

/** The request a client of that form would send, to the node or to the simulator alike. */
export function requestFor({ form, model, prompt }: Question): CallRequest {
  const { surface, streamed } = form;
  const json = { 'content-type': 'application/json' };
  switch (surface) {
    case 'native': {
      const verb = streamed ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/v1beta/models/${model}:${verb}`,
        headers: { ...json, 'x-goog-api-key': 'key-of-a-client' },
        body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
      };
    }
    case 'openai': {
      const stream = streamed ? { stream: true, stream_options: { include_usage: true } } : {};
      return {
        path: '/v1/chat/completions',
        headers: { ...json, authorization: 'Bearer key-of-a-client' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }], ...stream }),
      };
    }
    case 'own':
      return {
        path: '/api/v6/stream',
        headers: { ...json, accept: streamed ? 'text/event-stream' : 'application/json' },
        body: JSON.stringify({ message: prompt, model_hint: model }),
      };
  }
}
