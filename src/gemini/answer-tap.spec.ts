import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerTap } from './answer-tap.js';
import { type UpstreamResponseHeaders } from './domain/headers.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

let passed: string[];
let said: string[];
let heads: UpstreamResponseHeaders[];
let tap: AnswerTap;

beforeEach(() => {
  passed = [];
  said = [];
  heads = [];
  tap = new AnswerTap(
    {
      head: (status) => passed.push(`head ${status}`),
      data: (chunk) => passed.push(chunk.toString(), ...(said.length > 0 ? ['after it was said'] : [])),
      end: () => passed.push('end'),
      failed: (error) => passed.push(error.message),
    },
    { head: (headers) => heads.push(headers), said: (json) => said.push(json) },
  );
});

function hear(...chunks: string[]): void {
  for (const chunk of chunks) tap.data(Buffer.from(chunk));
}

describe('a tap', () => {
  it('passes everything on, and says the whole of a JSON answer before its end', () => {
    tap.head(200, JSON_TYPE);
    hear('{"name":', '"files/a"}');
    expect(said).toEqual([]);
    tap.end();
    expect(said).toEqual(['{"name":"files/a"}']);
    expect(passed).toEqual(['head 200', '{"name":', '"files/a"}', 'end']);
    expect(heads).toEqual([JSON_TYPE]);
  });

  it('says an answer of announced length before its last bytes are passed on, and once', () => {
    tap.head(201, { ...JSON_TYPE, 'content-length': '4' });
    hear('{"a');
    expect(said).toEqual([]);
    hear('}');
    expect(said).toEqual(['{"a}']);
    expect(passed).toEqual(['head 201', '{"a', '}', 'after it was said']);
    tap.end();
    expect(said).toHaveLength(1);
  });

  it('says the first event of a stream, however it is cut, and none of the others', () => {
    tap.head(200, { 'content-type': 'text/event-stream' });
    hear(': hello\n\nevent: created\nda', 'ta: {"id":"a"}\n', '\ndata: {"id":"b"}\n\n', 'data: {"id":"c"}\n\n');
    tap.end();
    expect(said).toEqual(['{"id":"a"}']);
  });

  it('keeps nothing of what is long, compressed, broken, no JSON, or an error', () => {
    const long = 'x'.repeat(40 * 1024);
    for (const [status, headers] of [
      [200, JSON_TYPE],
      [200, { 'content-type': 'text/event-stream' }],
      [200, { ...JSON_TYPE, 'content-encoding': 'gzip' }],
      [200, { 'content-type': 'application/octet-stream' }],
      [403, JSON_TYPE],
    ] as const) {
      tap.head(status, headers);
      hear(...(status === 200 && !('content-encoding' in headers) ? [long, long, '{}'] : ['{}']));
      tap.end();
    }
    tap.head(200, JSON_TYPE);
    hear('{}');
    tap.failed(new Error('reset'));
    tap.end();
    expect(said).toEqual([]);
    expect(heads).toHaveLength(5);
    expect(passed.filter((text) => text === long)).toHaveLength(6);
  });
});
