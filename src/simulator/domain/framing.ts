import { type Frame } from './answer.js';

/** How the events of one kind of stream are written on the wire. */
export interface Framing {
  readonly contentType: string;
  /** The bytes of one event; `index` is its place in the stream. */
  frame(event: Pick<Frame, 'data' | 'name'>, index: number): string;
  /** What closes the stream after so many events. */
  close(events: number): string;
  /** A line that clients are meant to ignore; nothing where the format has no such thing. */
  comment: string;
  /** An event whose payload is cut off, as a broken proxy would leave it. */
  garbage(index: number): string;
}

const BROKEN = '{"candidates": [{"content": {"parts": [{"text": "gar';

/** Native `alt=sse`: CRLF line ends and no end marker. */
export const SSE: Framing = {
  contentType: 'text/event-stream',
  frame: (event) => `data: ${event.data}\r\n\r\n`,
  close: () => '',
  comment: ': simulated comment\r\n\r\n',
  garbage: () => `data: ${BROKEN}\r\n\r\n`,
};

/** Native streaming without `alt=sse`: one JSON array, element by element. */
export const JSON_ARRAY: Framing = {
  contentType: 'application/json; charset=UTF-8',
  frame: (event, index) => (index === 0 ? '[' : ',\r\n') + event.data,
  close: (events) => (events === 0 ? '[]' : '\n]\n'),
  comment: '\n',
  garbage: (index) => (index === 0 ? '[' : ',\r\n') + BROKEN,
};

/** The OpenAI-compatible endpoint: LF line ends and a `[DONE]`. */
export const OPENAI_SSE: Framing = {
  contentType: 'text/event-stream',
  frame: (event) => `data: ${event.data}\n\n`,
  close: () => 'data: [DONE]\n\n',
  comment: ': simulated comment\n\n',
  garbage: () => 'data: {"id":"sim","choices":[{"index":0,"delta":{"content":"gar\n\n',
};

/** Interactions: named events and a `[DONE]`. */
export const INTERACTION_SSE: Framing = {
  contentType: 'text/event-stream',
  frame: (event) => `event: ${event.name ?? 'message'}\ndata: ${event.data}\n\n`,
  close: () => 'event: done\ndata: [DONE]\n\n',
  comment: ': simulated comment\n\n',
  garbage: () => 'event: step.delta\ndata: {"event_type":"step.delta","delta":{"text":"gar\n\n',
};
