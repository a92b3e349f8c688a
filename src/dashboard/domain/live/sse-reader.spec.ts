import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseReader } from './sse-reader.js';

const STREAM =
  ': hello\n\nretry: 3000\n\nid: 7\nevent: heal_run\ndata: {"a":1}\n\nevent: heal_progress\r\ndata: one\r\ndata:two\r\n\r\ndata: bare\r\rid: 8\n\nevent: nothing\n\nid: 9\ndata: last\n\n';
const EVENTS = [
  { name: 'heal_run', data: '{"a":1}', id: '7' },
  { name: 'heal_progress', data: 'one\ntwo', id: '7' },
  { name: 'message', data: 'bare', id: '7' },
  { name: 'message', data: 'last', id: '9' },
];

describe('SseReader', () => {
  it('reads fields, comments, several lines of data, and all three ends of a line', () => {
    const reader = new SseReader();
    expect(reader.push(STREAM)).toEqual(EVENTS);
    expect(reader.retryMs).toBe(3000);
  });

  it('reads the same wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: STREAM.length }), { maxLength: 30 }), (places) => {
        const cuts = [0, ...places.sort((a, b) => a - b), STREAM.length];
        const reader = new SseReader();
        const events = cuts.slice(1).flatMap((cut, n) => reader.push(STREAM.slice(cuts[n], cut)));
        expect(events).toEqual(EVENTS);
      }),
    );
  });

  it('goes on from the id of an earlier stream, and gives nothing that is not whole', () => {
    const reader = new SseReader('41');
    expect(reader.push('data: a\n')).toEqual([]);
    expect(reader.push('\n')).toEqual([{ name: 'message', data: 'a', id: '41' }]);
  });

  it('heaps up no event without an end', () => {
    const reader = new SseReader();
    const push = (text: string) => () => {
      for (let n = 0; n < 20; n++) reader.push(text);
    };
    expect(push(`data: ${'x'.repeat(100_000)}\n`)).toThrow(RangeError);
    expect(() => new SseReader().push('x'.repeat(1_000_001))).toThrow(RangeError);
  });
});
