import { describe, expect, it } from 'vitest';
import { type BodyReply, type WireStep } from './body-script.js';
import { type Fault, type StreamFault } from './fault-plan.js';
import { JSON_ARRAY, OPENAI_SSE, SSE, type Framing } from './framing.js';
import { type StreamReply, wireScript } from './wire-script.js';

const frames = ['1', '2', '3', '4'].map((data) => ({ data, text: data !== '4', tokens: 10 }));
const stream = (framing: Framing = SSE): StreamReply => ({ kind: 'stream', framing, frames, idle: () => 'idle' });
const body: BodyReply = {
  kind: 'body',
  status: 200,
  contentType: 'x',
  body: '{"ok":1}',
  headers: {},
  events: 4,
  tokens: 40,
  faultless: false,
};

function play(reply: StreamReply | BodyReply, phases: object = {}, pauseMs = 0, limit = 50): string {
  const steps: string[] = [];
  for (const step of wireScript(reply, { chance: 0.5, kinds: [], ...phases }, pauseMs)) {
    steps.push(shown(step));
    if (steps.length === limit) break;
  }
  return steps.join(' ');
}

function shown(step: WireStep): string {
  if (step.do === 'head')
    return step.lengthOf === undefined ? 'head' : `head(${step.lengthOf.length + (step.missing ?? 0)})`;
  if (step.do === 'send') return step.text.replace('data: ', '').replace(/[\r\n]+/g, '');
  return step.do === 'wait' ? `wait${step.ms}` : step.do;
}

const struck = (fault: StreamFault, framing?: Framing): string => play(stream(framing), { stream: fault });
const late = { code: 503, status: 'UNAVAILABLE', message: 'm' };
const error = '{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}';

describe('a stream', () => {
  it('is sent event by event and closed as its format asks', () => {
    expect(play(stream())).toBe('head 1 2 3 4 end');
    expect(play(stream(JSON_ARRAY))).toBe('head [1 ,2 ,3 ,4 ] end');
    expect(play(stream(OPENAI_SSE))).toBe('head 1 2 3 4 [DONE] end');
    expect(play(stream(), {}, 7)).toBe('head 1 wait7 2 wait7 3 wait7 4 end');
  });

  it('is delayed and slowed', () => {
    expect(play(stream(), { delay: { kind: 'latency', ms: 10, jitterMs: 4 } })).toBe('wait12 head 1 2 3 4 end');
    expect(play(stream(), { delay: { kind: 'silence' } }, 0, 1)).toBe('hang');
    expect(play(stream(), { firstToken: { kind: 'firstTokenDelay', ms: 9 } })).toBe('head wait9 1 2 3 4 end');
    expect(play(stream(), { pace: { kind: 'slow', perEventMs: 5 } }, 1)).toBe('head 1 wait5 2 wait5 3 wait5 4 end');
    expect(play(stream(), { pace: { kind: 'throughput', tokensPerSecond: 1 } })).toContain('1 wait10000 2');
  });

  it('breaks in every way', () => {
    expect(struck({ kind: 'stall', afterEvents: 2 })).toMatch(/^head 1 2 hang/);
    expect(struck({ kind: 'stall', afterEvents: 2, forMs: 3 })).toBe('head 1 2 wait3 3 4 end');
    expect(struck({ kind: 'cut', afterEvents: 1, cleanEnd: false })).toBe('head 1 cut');
    expect(struck({ kind: 'cut', afterEvents: 1, cleanEnd: true })).toBe('head 1 end');
    expect(struck({ kind: 'cut', afterEvents: 99, cleanEnd: false })).toBe('head 1 2 3 cut');
    expect(struck({ kind: 'reset', beforeHeaders: false, afterEvents: 1 })).toBe('head 1 wait25 reset');
    expect(struck({ kind: 'truncatedEvent', afterEvents: 3, then: 'end' })).toMatch(/^head 1 2 3 \S* ?end$/);
    expect(struck({ kind: 'garbage', afterEvents: 1, mode: 'extra' })).toMatch(/^head 1 \{"candidates.*gar 2 3 4 end$/);
    expect(struck({ kind: 'garbage', afterEvents: 1, mode: 'replace' })).toMatch(/^head 1 \{"candidates.*gar 3 4 end$/);
    expect(struck({ kind: 'inStreamError', afterEvents: 1, then: 'end', ...late })).toBe(`head 1 ${error}  end`);
    expect(struck({ kind: 'inStreamError', afterEvents: 1, then: 'cut', ...late }, OPENAI_SSE)).toBe(
      `head 1 ${error} cut`,
    );
    expect(struck({ kind: 'bareJsonError', afterEvents: 1, ...late })).toMatch(/^head 1 \{ {2}"error".* end$/);
    expect(struck({ kind: 'zombie', afterEvents: 1, everyMs: 5, forMs: 10 })).toBe(
      'head 1 idle wait5 idle wait5 2 3 4 end',
    );
    expect(struck({ kind: 'noTerminator' }, OPENAI_SSE)).toMatch(/^head 1 2 3 4 hang/);
  });
});

describe('a body', () => {
  it('is sent whole, after the time its stream would have taken', () => {
    expect(play(body)).toBe('head(8) {"ok":1} end');
    expect(play(body, {}, 2)).toBe('wait8 head(8) {"ok":1} end');
    expect(play({ ...body, faultless: true }, { stream: { kind: 'noTerminator' } }, 2)).toBe('head(8) {"ok":1} end');
  });

  it('breaks in the middle', () => {
    const broken = (fault: Fault): string => play(body, { stream: fault }, 0, 6);
    expect(broken({ kind: 'cut', afterEvents: 1, cleanEnd: false })).toBe('head(8) {"ok cut');
    expect(broken({ kind: 'cut', afterEvents: 1, cleanEnd: true })).toBe('head {"ok end');
    expect(broken({ kind: 'reset', afterEvents: 1, beforeHeaders: false })).toBe('head(8) {"ok wait25 reset');
    expect(broken({ kind: 'truncatedBody', missingBytes: 100 })).toBe('head(108) {"ok":1} wait25 cut');
    expect(broken({ kind: 'stall', afterEvents: 1, forMs: 4 })).toBe('head(8) {"ok wait4 ":1} end');
    expect(broken({ kind: 'garbage', afterEvents: 1, mode: 'replace' })).toBe('head {"ok end');
    expect(broken({ kind: 'inStreamError', afterEvents: 1, then: 'end', ...late })).toBe(`head ${error} end`);
    expect(broken({ kind: 'zombie', afterEvents: 1, everyMs: 5, forMs: 10 })).toMatch(
      /^head {3}wait5 {3}wait5 \{"ok":1\}$/,
    );
    expect(broken({ kind: 'noTerminator' })).toMatch(/^head \{"ok":1\} hang/);
  });
});
