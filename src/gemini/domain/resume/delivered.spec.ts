import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextScan } from '../json-text.js';
import { Delivered, type ResumeBar } from './delivered.js';
import { memoryOf } from '../memory-of.js';

/** Longer than any text here. */
const LIMIT = 1000;

function native(...events: Record<string, unknown>[]): Delivered {
  const delivered = new Delivered('gemini', LIMIT);
  for (const event of events) delivered.accept(event);
  return delivered;
}

function chat(...events: Record<string, unknown>[]): Delivered {
  const delivered = new Delivered('openai', LIMIT);
  for (const event of events) delivered.accept(event);
  return delivered;
}

const parts = (...all: object[]): Record<string, unknown> => ({ candidates: [{ content: { parts: all } }] });

it('gathers the visible text, and leaves thoughts out', () => {
  const delivered = native(
    { ...parts({ text: 'so', thought: true }, { text: 'One ' }), responseId: 'a', modelVersion: 'm' },
    { ...parts({ text: 'two', thoughtSignature: 's' }), responseId: 'b', modelVersion: 'n', usageMetadata: { x: 1 } },
  );
  expect(delivered).toMatchObject({ text: 'One two', id: 'a', model: 'm', usage: { x: 1 }, bar: undefined });
  const said = chat(
    { id: 'c', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null }] },
    { choices: [{ index: 0, delta: { content: 'One two', tool_calls: [] }, finish_reason: null }] },
    { choices: [], usage: { total_tokens: 3 } },
  );
  expect(said).toMatchObject({ text: 'One two', id: 'c', model: 'm', usage: { total_tokens: 3 }, bar: undefined });
});

it('remembers where the upstream gave a token', () => {
  const delivered = native(parts({ text: 'One' }), {
    candidates: [{ content: { parts: [{ text: ' two' }] }, continuationToken: 't' }],
  });
  delivered.accept(parts({ text: ' three' }));
  expect(delivered.checkpoint).toEqual({ token: 't', at: 7 });
});

const BARS: readonly (readonly [ResumeBar, Record<string, unknown>])[] = [
  ['tool_call', parts({ functionCall: { name: 'f' } })],
  ['code', parts({ executableCode: {} })],
  ['code', parts({ codeExecutionResult: {} })],
  ['media', parts({ inlineData: {} })],
  ['unknown_part', parts({ hologram: {} })],
  ['grounding', { candidates: [{ groundingMetadata: {} }] }],
  ['logprobs', { candidates: [{ logprobsResult: {} }] }],
  ['candidates', { candidates: [{ index: 1 }] }],
  ['candidates', { candidates: [{}, {}] }],
  ['safety', { promptFeedback: { blockReason: 'SAFETY' } }],
  ['finished', { candidates: [{ finishReason: 'STOP' }] }],
];

describe('what stands against going on', () => {
  it.each(BARS)('%s', (bar, event) => {
    expect(native(parts({ text: 'x' }), event).bar).toBe(bar);
  });

  it('the same in OpenAI’s dialect', () => {
    expect(chat({ choices: [{ delta: { tool_calls: [{ id: '1' }] } }] }).bar).toBe('tool_call');
    expect(chat({ choices: [{ delta: { audio: {} } }] }).bar).toBe('tool_call');
    expect(chat({ choices: [{ logprobs: {} }] }).bar).toBe('logprobs');
    expect(chat({ choices: [{ index: 1 }] }).bar).toBe('candidates');
    expect(chat({ choices: [{ finish_reason: 'stop' }] }).bar).toBe('finished');
  });
});

it('keeps no more text than it may, and bars what is longer', () => {
  const delivered = new Delivered('gemini', 10);
  for (const piece of ['four', 'four', 'four', 'x']) delivered.say(piece);
  expect([delivered.text.length <= 10, delivered.bar]).toEqual([true, 'too_long']);
});

it('keeps no more of what it has not read than it may', () => {
  const delivered = new Delivered('gemini', 10);
  delivered.accept(parts({ text: 'four' }));
  const scan = new TextScan();
  const bytes = Buffer.from('"für"');
  const memory = memoryOf(bytes);
  for (let turn = 0; turn < 3; turn++)
    if (scan.read(memory, bytes.byteOffset, bytes.byteOffset + bytes.length)) delivered.again(scan, memory);
  expect([delivered.text, delivered.bar]).toEqual(['fourfürfür', 'too_long']);
});

it('takes events of any shape', () => {
  fc.assert(
    fc.property(fc.constantFrom('gemini', 'openai'), fc.dictionary(fc.string(), fc.anything()), (surface, event) => {
      for (const name of ['candidates', 'choices']) {
        new Delivered(surface, LIMIT).accept({ ...event, [name]: Object.values(event) });
      }
    }),
  );
});
