import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer-reader.js';
import { behindHeartbeat, FIRST_HEARTBEAT, HEARTBEAT } from './heartbeat.js';

const TOLD = { model: 'm', attempts: 2, healing: ['retry'] };

describe('the events behind a heartbeat', () => {
  it('tell in the first of them what the head could not', () => {
    const events = Buffer.from('data: {"candidates":[]}\r\n\r\ndata: {"candidates":[]}\r\n\r\n');
    expect(behindHeartbeat('gemini-sse', events, TOLD).toString()).toBe(
      'data: {"l104":{"model":"m","attempts":2,"healing":["retry"]},"candidates":[]}\r\n\r\ndata: {"candidates":[]}\r\n\r\n',
    );
  });

  it.each(['[{"a":"[{"}', '[\n { }', ' [{"a":1},\r\n{"b":2}'])('go on with an array that is open: %s', (events) => {
    const bytes = Buffer.from(events);
    const answer = `${FIRST_HEARTBEAT['gemini-array']}${HEARTBEAT['gemini-array']}${behindHeartbeat('gemini-array', bytes, TOLD).toString()}]`;
    const [first, second, told, ...rest] = JSON.parse(answer) as object[];
    const plain = JSON.parse(`${events}]`) as object[];
    expect(second).toEqual(first);
    expect([told, ...rest]).toEqual([{ l104: TOLD, ...plain[0] }, ...plain.slice(1)]);
    expect(bytes.toString()).toBe(events);
  });

  it('are left alone where there is none', () => {
    expect(behindHeartbeat('openai-sse', Buffer.from('data: [DONE]\n\n'), TOLD).toString()).toBe('data: [DONE]\n\n');
    expect(behindHeartbeat('gemini-array', Buffer.from('\r\n]'), TOLD).toString()).toBe('\r\n]');
  });
});

it.each(['gemini-sse', 'gemini-array', 'openai-sse'] as const)('a heartbeat is no progress, %s', (form) => {
  const progress: boolean[] = [];
  const reader = new AnswerReader(form, 1000, (event) => progress.push(event.progress));
  reader.push(Buffer.from(FIRST_HEARTBEAT[form] + HEARTBEAT[form]));
  expect(progress).not.toContain(true);
  expect(reader.state.complete).toBe(false);
});
