import { describe, expect, it } from 'vitest';
import { type RequestRecord } from '../../src/simulator/index.js';
import { readAnswer } from './calls/answer.js';
import { type Form } from './calls/forms.js';
import { type WireAnswer } from './calls/wire.js';
import { type Ending, endingOf, type Evidence, type Judgement, verdictOf } from './verdict.js';

const NATIVE: Form = { surface: 'native', streamed: true };
const OPENAI: Form = { surface: 'openai', streamed: true };
const EXPECTED = { text: 'one two', finish: 'STOP' };
const ONE = 'data: {"candidates":[{"content":{"parts":[{"text":"one"}]}}]}\r\n\r\n';
const TWO = 'data: {"candidates":[{"content":{"parts":[{"text":" two"}]},"finishReason":"STOP"}]}\r\n\r\n';
const TWO_OPENAI = 'data: {"choices":[{"delta":{"content":"one two"},"finish_reason":"STOP"}]}\n\n';
const ERROR = '{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}';

function ending(body: string, more: Partial<WireAnswer> = {}, form = NATIVE): Ending['kind'] {
  const type = body.startsWith('data:') ? 'text/event-stream' : 'application/json';
  const wire = { status: 200, headers: { 'content-type': type }, body, end: 'clean', ms: 1, ...more } as const;
  return endingOf(readAnswer(form, wire), EXPECTED, /model turn/).kind;
}

describe('what a caller was left with', () => {
  it('is whole only when text, finish and end mark are right', () => {
    expect(ending(ONE + TWO)).toBe('whole');
    expect(ending(TWO_OPENAI + 'data: [DONE]\n\n', {}, OPENAI)).toBe('whole');
    expect(ending(TWO_OPENAI, {}, OPENAI)).toBe('untrue');
    expect(ending(ONE + TWO.replace('STOP', 'MAX_TOKENS'))).toBe('untrue');
    expect(ending(ONE + TWO + 'data: {"candi')).toBe('untrue');
  });

  it('is untrue when a cut, doubled or disordered answer ends as if it were whole', () => {
    for (const body of [ONE, TWO, ONE + ONE + TWO, TWO + ONE, '']) expect(ending(body)).toBe('untrue');
  });

  it('is honest with an error status, or with an error event and a broken connection, and in no other way', () => {
    expect(ending(ERROR, { status: 503 })).toBe('honest');
    expect(ending(`${ONE}data: ${ERROR}\r\n\r\n`, { end: 'broken' })).toBe('honest');
    expect(ending(`${ONE}data: ${ERROR}\r\n\r\n`)).toBe('untrue');
    expect(ending(ONE, { end: 'broken' })).toBe('lost');
    expect(ending('<html>', { status: 503 })).toBe('lost');
    expect(ending('', { status: 0, end: 'broken' })).toBe('lost');
    expect(ending(ONE, { end: 'hung' })).toBe('lost');
  });

  it('is untrue with an error that is not the caller’s business', () => {
    expect(ending(ERROR.replace('overloaded', 'ending with a model turn'), { status: 400 })).toBe('untrue');
  });
});

describe('the verdict', () => {
  const end = (kind: Ending['kind']): Ending => ({ kind, reason: kind });

  function verdict(kinds: readonly Ending['kind'][], more: Partial<Evidence> = {}, attempts = 1): Judgement {
    const records = Array.from({ length: attempts }, () => ({}) as RequestRecord);
    return verdictOf({ endings: kinds.map(end), missed: [], attempts: records, damage: [], ...more });
  }

  it('is that of the worst call', () => {
    expect(verdict(['whole', 'whole']).verdict).toBe('pass');
    expect(verdict(['whole'], { missed: ['took 50 s'] })).toEqual({ verdict: 'partial', reason: 'took 50 s' });
    expect(verdict(['whole', 'honest']).verdict).toBe('safe');
    expect(verdict(['honest', 'lost']).verdict).toBe('fail');
    expect(verdict(['honest', 'untrue']).verdict).toBe('fail');
    expect(verdict([]).verdict).toBe('fail');
  });

  it('does not forgive hammering an upstream in vain, nor a node that is ill afterwards', () => {
    expect(verdict(['honest'], {}, 6).verdict).toBe('safe');
    expect(verdict(['honest'], {}, 7).verdict).toBe('fail');
    expect(verdict(['whole'], { damage: ['/health/live fails'] }).verdict).toBe('fail');
  });
});
