import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventTooLarge, type SseEvent, SseSplitter } from './sse-splitter.js';

function split(chunks: readonly (string | Buffer)[], limit = 10_000): { events: SseEvent[]; rest: string } {
  const events: SseEvent[] = [];
  const splitter = new SseSplitter(limit, (event) => events.push(event));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  return { events, rest: splitter.rest().toString() };
}

describe('SseSplitter', () => {
  it('hands on each event with its own bytes', () => {
    const { events, rest } = split(['data: {"a":1}\r\n\r\ndata:{"b":2}\n\ndata: half']);
    expect(events.map(({ raw, data, plain }) => [raw.toString(), data, plain])).toEqual([
      ['data: {"a":1}\r\n\r\n', '{"a":1}', true],
      ['data:{"b":2}\n\n', '{"b":2}', false],
    ]);
    expect(rest).toBe('data: half');
  });

  it('marks comments, names and ids as not plain, and joins data lines', () => {
    const { events } = split([': hi\n\nevent: x\ndata: 1\n\ndata: a\ndata: b\n\nid: 7\ndata: {}\n\n']);
    expect(events.map(({ data, plain, foreign }) => [data, plain, foreign])).toEqual([
      [undefined, false, false],
      ['1', false, false],
      ['a\nb', false, false],
      ['{}', false, false],
    ]);
  });

  it('marks what is no server-sent event as foreign', () => {
    const { events } = split(['{"error":{"code":503}}\n\n<html>\n<p>data: no</p>\n\ndata: {"a":1}\n{"bare":1}\n\n']);
    expect(events.map(({ foreign }) => foreign)).toEqual([true, true, true]);
  });

  it('gives the same events however the bytes are cut', () => {
    const events = ['data: {"t":"ä😀"}\r\n\r\n', ': c\n\n', 'data: x\ndata: y\r\n\r\n', '\n', 'event: e\ndata: 1\n\n'];
    const whole = Buffer.from(events.join(''));
    const expected = split([whole]);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
        const points = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = points.slice(1).map((point, index) => whole.subarray(points[index], point));
        const got = split(chunks);
        expect(got.events.map(({ raw, data }) => [raw.toString(), data])).toEqual(
          expected.events.map(({ raw, data }) => [raw.toString(), data]),
        );
        expect(got.rest).toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('reads lines that end in CR alone, wherever the bytes are cut', () => {
    const stream = 'data: {"a":1}\r\r: c\r\rdata: {"b":"ä"}\r\r';
    for (let at = 0; at <= stream.length; at++) {
      const { events, rest } = split([stream.slice(0, at), stream.slice(at)]);
      expect(events.map(({ data }) => data)).toEqual(['{"a":1}', undefined, '{"b":"ä"}']);
      expect(events[0]?.raw.toString()).toBe('data: {"a":1}\n\n');
      expect(rest).toBe('');
    }
  });

  it('refuses an event beyond its limit, whole or unfinished', () => {
    expect(() => split([`data: ${'x'.repeat(100)}\n\n`], 50)).toThrow(EventTooLarge);
    expect(() => split(['data: ', 'x'.repeat(30), 'x'.repeat(30)], 50)).toThrow(EventTooLarge);
  });
});
