import { describe, expect, it } from 'vitest';
import { type AnswerDefect, type DefectKind } from './answer-defect.js';
import { type AnswerEvent, AnswerReader } from './answer-reader.js';
import { type StreamForm } from './route.js';

interface Outcome {
  events: AnswerEvent[];
  defect: DefectKind | undefined;
  status: number | undefined;
  bytes: string;
}

function read(form: StreamForm, text: string): Outcome {
  const events: AnswerEvent[] = [];
  const reader = new AnswerReader(form, 1000, (event) => events.push(event));
  const bytes = (): string => events.map(({ raw }) => raw.toString()).join('');
  try {
    reader.push(Buffer.from(text));
    reader.end();
    return { events, defect: undefined, status: undefined, bytes: bytes() };
  } catch (error) {
    const defect = error as AnswerDefect;
    return { events, defect: defect.kind, status: defect.upstream?.status, bytes: bytes() };
  }
}

const text = (words: string, finishReason?: string): string =>
  JSON.stringify({ candidates: [{ content: { parts: [{ text: words }] }, ...(finishReason && { finishReason }) }] });
const sse = (...events: string[]): string => events.map((event) => `data: ${event}\r\n\r\n`).join('');
const chunk = (delta: object, finish: string | null = null): string =>
  JSON.stringify({ model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] });

describe('native SSE', () => {
  it('passes a whole answer byte for byte', () => {
    const stream = sse(text('Hello'), text(' you', 'STOP'), '{"usageMetadata":{"promptTokenCount":3}}');
    expect(read('gemini-sse', stream)).toMatchObject({ defect: undefined, bytes: stream });
  });

  it.each<[string, string, DefectKind]>([
    ['an end without finish reason', sse(text('Hello')), 'no_finish'],
    ['nothing at all', '', 'no_finish'],
    ['an empty candidate with STOP', sse('{"candidates":[{"finishReason":"STOP"}]}'), 'empty'],
    ['an empty text with STOP', sse(text('', 'STOP')), 'empty'],
    [
      'thoughts alone with STOP',
      sse('{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]},"finishReason":"STOP"}]}'),
      'empty',
    ],
    ['half an event', `${sse(text('Hello'))}data: {"candidates":[{"con`, 'truncated_event'],
    ['half an event with its blank line', sse(text('Hello'), '{"candidates":[{"con'), 'malformed_event'],
    ['HTML', '<html><body>Sorry</body></html>', 'foreign_bytes'],
    ['HTML with blank lines', '<html>\n\n<body>\n\n', 'foreign_bytes'],
    ['an event beyond the limit', sse(text('x'.repeat(2000))), 'event_too_large'],
  ])('finds %s', (_name, stream, defect) => {
    expect(read('gemini-sse', stream).defect).toBe(defect);
  });

  it.each([
    ['as an event', sse(text('Hello'), '{"error":{"code":503,"message":"overloaded"}}')],
    ['as bare JSON', `${sse(text('Hello'))}{"error":{"code":503,"message":"overloaded"}}`],
    ['as indented bare JSON', `${sse(text('Hello'))}{\n  "error": {\n    "code": 503\n  }\n}\n\n`],
    ['as an array', sse('[{"error":{"code":503}}]')],
  ])('finds an error %s, with its status', (_name, stream) => {
    expect(read('gemini-sse', stream)).toMatchObject({ defect: 'error_event', status: 503 });
  });

  it('accepts what only looks odd: a block, MAX_TOKENS on thoughts, unknown reasons, calls, a missing last blank line', () => {
    const call =
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}]}';
    for (const stream of [
      sse('{"promptFeedback":{"blockReason":"SAFETY"}}'),
      sse('{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]},"finishReason":"MAX_TOKENS"}]}'),
      sse(text('a', 'SOMETHING_NEW')),
      sse('{"candidates":[{"finishReason":"SAFETY"}]}'),
      sse(call),
      sse(text('a', 'STOP')).trimEnd(),
    ]) {
      expect(read('gemini-sse', stream).defect).toBeUndefined();
    }
  });

  it('waits for the finish reason of every candidate', () => {
    const two = '{"candidates":[{"index":0,"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"index":1}]}';
    expect(read('gemini-sse', sse(two)).defect).toBe('no_finish');
    expect(read('gemini-sse', sse(two, '{"candidates":[{"index":1,"finishReason":"STOP"}]}')).defect).toBeUndefined();
  });

  it('takes comments, names and ids out, since clients trip over them', () => {
    const event = text('Hello', 'STOP');
    expect(read('gemini-sse', `: hi\n\nevent: x\nid: 1\ndata: ${event}\n\n`).bytes).toBe(`data: ${event}\n\n`);
  });

  it('lets nothing spoil an answer that is complete', () => {
    const whole = sse(text('Hello'), text(' you', 'STOP'));
    const bare = '{"error":{"code":500}}\n\n';
    for (const after of ['data: {"err', sse('{"error":{"code":500}}'), sse('garbage'), '<html></html>\n\n', bare]) {
      expect(read('gemini-sse', whole + after)).toMatchObject({ defect: undefined, bytes: whole });
    }
  });
});

describe.each(['gemini-sse', 'gemini-array'] as const)('a byte order mark before %s', (form) => {
  it('is taken off, since clients trip over it', () => {
    const events = [text('Hello'), text(' you', 'STOP')];
    const stream = form === 'gemini-sse' ? events.map((data) => `data: ${data}\n\n`).join('') : `[${events.join(',')}`;
    expect(read(form, `\ufeff${stream}`)).toMatchObject({ defect: undefined, bytes: stream });
  });
});

describe('a finish reason in the first words', () => {
  it('does not make what follows of no account: some models say STOP in every event', () => {
    const first = sse(text('Hello', 'STOP'));
    expect(read('gemini-sse', first + sse(text(' you', 'STOP')))).toMatchObject({ defect: undefined });
    expect(read('gemini-sse', first + sse('{"error":{"code":503}}'))).toMatchObject({
      defect: 'error_event',
      status: 503,
    });
    expect(read('gemini-sse', `${first}data: {"cand`).defect).toBe('truncated_event');
  });
});

describe('native JSON array', () => {
  it('passes a whole answer', () => {
    const { defect, bytes } = read('gemini-array', `[${text('Hello')}\r\n,\r\n${text(' you', 'STOP')}\r\n]`);
    expect(defect).toBeUndefined();
    expect(bytes).toBe(`[${text('Hello')}\r\n,\r\n${text(' you', 'STOP')}`);
  });

  it('lets nothing spoil an answer that is complete', () => {
    const whole = `[${text('Hello')},${text(' you', 'STOP')}`;
    for (const after of ['<html></html>', '{"error":{"code":500}}', ']<html></html>', ']{"error":{"code":500}}']) {
      expect(read('gemini-array', whole + after)).toMatchObject({ defect: undefined, bytes: whole });
    }
  });

  it('passes on nothing that stands between elements and is no JSON', () => {
    const begun = `[${text('Hello')}`;
    const got = read('gemini-array', `${begun}<html>${text(' you', 'STOP')}]`);
    expect(got).toMatchObject({ defect: 'foreign_bytes', bytes: begun });
  });

  it.each<[string, string, DefectKind]>([
    ['an object without an array', text('Hello', 'STOP'), 'foreign_bytes'],
    ['an array that ends without finish reason', `[${text('Hello')}]`, 'no_finish'],
    ['an array that is not closed', `[${text('Hello')}`, 'no_finish'],
    ['half an element', `[${text('Hello')},{"candi`, 'truncated_event'],
    ['an error element', `[${text('Hello')},{"error":{"code":503}}]`, 'error_event'],
    ['a bare error', '{"error":{"code":503}}', 'error_event'],
    ['HTML', '<html></html>', 'foreign_bytes'],
    ['an empty array', '[]', 'no_finish'],
  ])('finds %s', (_name, stream, defect) => {
    expect(read('gemini-array', stream).defect).toBe(defect);
  });
});

describe('OpenAI SSE', () => {
  it('passes a whole answer and keeps the end mark to itself', () => {
    const events = sse(
      chunk({ role: 'assistant', content: 'Hi' }),
      chunk({}, 'stop'),
      '{"choices":[],"usage":{"prompt_tokens":1}}',
    );
    expect(read('openai-sse', `${events}data: [DONE]\n\n`)).toMatchObject({ defect: undefined, bytes: events });
    expect(read('openai-sse', events).defect).toBeUndefined();
  });

  it.each<[string, string, DefectKind]>([
    ['an end mark without finish reason', `${sse(chunk({ content: 'Hi' }))}data: [DONE]\n\n`, 'no_finish'],
    ['an empty answer', sse(chunk({ role: 'assistant', content: '' }), chunk({}, 'stop')), 'empty'],
    ['half an event', `${sse(chunk({ content: 'Hi' }))}data: {"choi`, 'truncated_event'],
    ['an error event', sse(chunk({ content: 'Hi' }), '{"error":{"message":"x","code":503}}'), 'error_event'],
  ])('finds %s', (_name, stream, defect) => {
    expect(read('openai-sse', stream).defect).toBe(defect);
  });

  it('drops events without choices, on which clients throw', () => {
    const events = sse(chunk({ content: 'Hi' }, 'stop'));
    expect(read('openai-sse', `${sse('{}')}${events}`).bytes).toBe(events);
  });
});
