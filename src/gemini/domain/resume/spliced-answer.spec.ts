import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerDefect } from '../answer-defect.js';
import { type Surface } from '../route.js';
import { Delivered } from './delivered.js';
import { ReplaySplice } from './replay-splice.js';
import { SplicedAnswer, type SpliceTerms } from './spliced-answer.js';
import { addUsage } from './usage-sum.js';

let delivered: Delivered;
let joined: number;
beforeEach(() => {
  joined = 0;
});

/** A new answer from the start, behind a text that was delivered. */
function replayed(surface: Surface, text: string, terms: Partial<SpliceTerms> = {}): SplicedAnswer {
  delivered = new Delivered(surface, 1000);
  const spent = surface === 'openai' ? { total_tokens: 10 } : { totalTokenCount: 10 };
  delivered.say(text);
  Object.assign(delivered, { id: 'first', model: 'm', spent });
  return new SplicedAnswer(delivered, new ReplaySplice(text), {
    ...{ kind: 'replay', from: 0, stops: [], wantsJson: false, mark: { attempts: 2 } },
    joined: () => joined++,
    ...terms,
  });
}

const native = (text: string, more: object = {}): Record<string, unknown> => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }],
  responseId: 'second',
  modelVersion: 'n',
  usageMetadata: { totalTokenCount: 4 },
});

it('passes on what is new, under the first id, with the tokens of all attempts, marked once', () => {
  const answer = replayed('gemini', 'One two');
  expect(answer.take(native('One '))).toBeUndefined();
  expect(joined).toBe(0);
  expect(answer.take(native('two three'))).toEqual({
    candidates: [{ content: { role: 'model', parts: [{ text: ' three' }] }, index: 0 }],
    responseId: 'first',
    modelVersion: 'm',
    usageMetadata: { totalTokenCount: 14 },
    l104: { attempts: 2 },
  });
  const last = answer.take(native(' four', { finishReason: 'STOP' }));
  expect(last).toMatchObject({ candidates: [{ content: { parts: [{ text: ' four' }] }, finishReason: 'STOP' }] });
  expect([last?.['l104'], delivered.text, delivered.bar, joined]).toEqual([
    undefined,
    'One two three four',
    'finished',
    1,
  ]);
});

it('does the same in OpenAI’s dialect, with the count of tokens behind the end', () => {
  const answer = replayed('openai', 'One');
  const event = (delta: object, finish: string | null = null): Record<string, unknown> => ({
    id: 'second',
    model: 'n',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  expect(answer.take(event({ role: 'assistant', content: 'One' }))).toBeUndefined();
  expect(answer.take(event({ content: ' two' }))).toMatchObject({
    id: 'first',
    model: 'm',
    choices: [{ delta: { content: ' two' } }],
    l104: { attempts: 2 },
  });
  expect(answer.take(event({}, 'stop'))).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  expect(answer.take({ choices: [], usage: { total_tokens: 5 } })).toMatchObject({ usage: { total_tokens: 15 } });
});

describe('refuses', () => {
  const refused = (run: () => unknown): void => {
    expect(run).toThrow(expect.objectContaining({ kind: 'no_seam' }) as AnswerDefect);
  };

  it('another answer, and one that ends before the seam', () => {
    refused(() => replayed('gemini', 'One two').take(native('One too')));
    refused(() => replayed('gemini', 'One two').take(native('One', { finishReason: 'STOP' })));
  });

  it('a call before the seam, several candidates, and joined text that is no JSON', () => {
    const call = { candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }] } }] };
    refused(() => replayed('gemini', 'One').take(call));
    refused(() => replayed('gemini', 'One').take({ candidates: [{}, {}] }));
    refused(() => replayed('gemini', '{"a":', { wantsJson: true }).take(native('{"a":1', { finishReason: 'STOP' })));
    expect(
      replayed('gemini', '{"a":', { wantsJson: true }).take(native('{"a":1}', { finishReason: 'STOP' })),
    ).toBeDefined();
  });
});

it('leaves thoughts out, and lets a call through behind the seam, which ends all going on', () => {
  const answer = replayed('gemini', 'One');
  const thoughts = { candidates: [{ content: { parts: [{ text: 'hm', thought: true }, { text: 'One' }] } }] };
  expect(answer.take(thoughts)).toBeUndefined();
  const call = { functionCall: { name: 'f' } };
  expect(answer.take({ candidates: [{ content: { parts: [call] } }] })).toMatchObject({
    candidates: [{ content: { parts: [call] } }],
  });
  expect(delivered.bar).toBe('tool_call');
});

it('lets what the provider withholds end the answer, wherever it is', () => {
  const shown = replayed('gemini', 'One two').take(native('One', { finishReason: 'SAFETY' }));
  expect(shown).toMatchObject({ candidates: [{ finishReason: 'SAFETY', content: { parts: [] } }] });
});

it('takes a blocked question for an end only where no text was given: behind one, clients would see none', () => {
  const blocked = { promptFeedback: { blockReason: 'OTHER' } };
  expect(replayed('gemini', '').take(blocked)).toMatchObject(blocked);
  const answer = replayed('gemini', 'One two');
  expect(() => answer.take(blocked)).toThrow(AnswerDefect);
  expect(delivered.bar).toBe('safety');
});

it('stops at a sequence that straddles the seam', () => {
  const answer = replayed('gemini', 'One EN', { stops: ['END'] });
  const shown = answer.take(native('One ENDless'));
  expect(answer.stopped).toBe(true);
  expect(shown).toMatchObject({ candidates: [{ finishReason: 'STOP', content: { parts: [] } }] });
  expect(answer.take(native(' more'))).toBeUndefined();
});

it('takes tokens of the upstream where they mean the same answer', () => {
  const event = native('One two', { continuationToken: 't' });
  expect(replayed('gemini', 'One').take(event)).toMatchObject({ candidates: [{ continuationToken: 't' }] });
  expect(delivered.checkpoint).toEqual({ token: 't', at: 7 });
  const shown = replayed('gemini', 'One', { kind: 'prefill', from: undefined }).take(event);
  expect(JSON.stringify(shown)).not.toContain('continuationToken');
  expect(delivered.checkpoint).toBeUndefined();
});

it('goes on behind a reason that is none', () => {
  const answer = replayed('gemini', 'One');
  expect(answer.take(native('O', { finishReason: 'FINISH_REASON_UNSPECIFIED' }))).toBeUndefined();
  expect(answer.take(native('ne two', { finishReason: 'FINISH_REASON_UNSPECIFIED' }))).toBeDefined();
  expect([delivered.text, delivered.bar]).toEqual(['One two', undefined]);
});

it('names sources behind a prefill, but no places of a text that is only the last part', () => {
  const groundingMetadata = { webSearchQueries: ['q'], groundingSupports: [{ segment: { startIndex: 0 } }] };
  const citationMetadata = { citationSources: [{ startIndex: 0 }] };
  const event = native('One two', { groundingMetadata, citationMetadata });
  const shown = JSON.stringify(replayed('gemini', 'One', { kind: 'prefill', from: undefined }).take(event));
  expect(shown).toContain('webSearchQueries');
  expect(shown).not.toContain('startIndex');
  expect(JSON.stringify(replayed('gemini', 'One').take(event)).split('startIndex')).toHaveLength(3);
});

it('takes events of any shape, and says no more than that they do not fit', () => {
  fc.assert(
    fc.property(fc.constantFrom('gemini', 'openai'), fc.anything(), (surface, odd) => {
      for (const event of [
        { candidates: [odd], choices: [odd] },
        { candidates: odd, choices: odd },
      ]) {
        try {
          replayed(surface, 'One').take(event);
        } catch (error) {
          expect(error).toBeInstanceOf(AnswerDefect);
        }
      }
    }),
  );
});

it('adds up tokens member by member', () => {
  const one = { a: 1, details: { x: 1 }, only: 2, list: [1] };
  expect(addUsage(one, { a: 2, details: { x: 3, y: 1 }, list: [2], new: 1 })).toEqual({
    ...{ a: 3, details: { x: 4, y: 1 }, only: 2, list: [2], new: 1 },
  });
});
