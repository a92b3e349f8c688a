import { describe, expect, it } from 'vitest';
import { type Answer, readAnswer } from '../scenarios/calls/answer.js';
import { type Form } from '../scenarios/calls/forms.js';
import { type WireAnswer } from '../scenarios/calls/wire.js';
import { mixedFaults } from './faults.js';
import { readOptions } from './options.js';
import { demandsOn, type Findings, reportText } from './report.js';
import { heapGrowth, type Sample } from './samples.js';
import { Tally } from './tally.js';
import { seededRandom } from '../../src/kernel/test-random.js';
import { ALL_PROMPTS, nextCall } from './traffic.js';

const FORM: Form = { surface: 'own', streamed: true };
const CALL = { form: FORM, prompt: 'p', manner: {} };
const DONE = 'event: done\ndata: {"model":"m","finish_reason":"STOP"}\n\n';

function answer(body: string, end: WireAnswer['end'] = 'clean'): Answer {
  const headers = { 'content-type': 'text/event-stream', 'x-request-id': 'r1' };
  return readAnswer(FORM, { status: 200, headers, body, end, ms: 1 });
}

function delta(text: string): string {
  return `event: delta\ndata: ${JSON.stringify({ text })}\n\n`;
}

function samples(...heaps: readonly number[]): Sample[] {
  return heaps.map((heap, at) => ({ second: at, heap, external: 1, rss: 1 }));
}

function tallied(...answers: readonly Answer[]): Tally {
  const tally = new Tally(new Map([['p', 'one two']]));
  for (const one of answers) {
    tally.sent++;
    tally.add(CALL, one);
  }
  return tally;
}

function findings(tally: Tally, more: Partial<Findings> = {}): Findings {
  const leftovers = { 'calls in flight': 0, 'sockets open to the upstream': undefined };
  const atRest = samples(1)[0]!;
  const usual = { samples: samples(10, 10, 10), atRest, leftovers, live: 200, exit: 0, traces: {} };
  return { options: readOptions([]), tally, ...usual, ...more };
}

function unmet(found: Findings): string[] {
  return demandsOn(found)
    .filter(({ met }) => !met)
    .map(({ text }) => text);
}

const WHOLE = answer(delta('one') + delta(' two') + DONE);

describe('the tally of a soak', () => {
  it('tells the whole, the honest, the left, the cut and the unanswered apart', () => {
    const tally = tallied(
      WHOLE,
      answer(`${delta('one')}event: error\ndata: {"code":"STREAM_STALLED","message":"m"}\n\n`, 'broken'),
      answer(delta('one'), 'left'),
      answer(delta('one') + DONE),
      answer(delta('one'), 'broken'),
    );
    const errors = { 'in the stream STREAM_STALLED': { 'own stream': 1 } };
    expect(tally.counts).toMatchObject({ sent: 5, whole: 1, honest: 1, left: 1, silentCuts: 1, unanswered: 1, errors });
    expect(tally.settled).toBe(5);
    expect(tally.examples.map(({ requestId }) => requestId)).toEqual(['r1', 'r1']);
  });

  it('keeps a bounded number of examples', () => {
    expect(tallied(...Array.from({ length: 50 }, () => answer('', 'hung'))).examples).toHaveLength(10);
  });
});

describe('the demands', () => {
  it('are met by a node that answers and comes to rest', () => {
    expect(unmet(findings(tallied(WHOLE)))).toEqual([]);
    expect(reportText(findings(tallied(WHOLE)))).toContain('met      no silent cuts (0)');
  });

  it('are not met by a silent cut, a growing heap, something left over, or a node that is gone', () => {
    expect(unmet(findings(tallied(WHOLE, WHOLE, answer(delta('one') + DONE))))).toEqual(['no silent cuts (1)']);
    expect(unmet(findings(tallied(WHOLE), { samples: samples(10, 10, 12) }))).toHaveLength(1);
    expect(unmet(findings(tallied(WHOLE), { leftovers: { sockets: 3 } }))).toEqual(['sockets back to 0 (3)']);
    expect(unmet(findings(tallied(WHOLE), { live: 503, exit: 'SIGKILL' }))).toHaveLength(2);
  });

  it('compare the first third of the samples with the last, and nothing with too few', () => {
    expect(heapGrowth(samples(10, 10, 50, 50, 11, 11))).toBeCloseTo(0.1);
    expect(heapGrowth(samples(10, 20))).toBeUndefined();
  });
});

describe('the traffic', () => {
  it('is the same for the same seed, has every form and manner, and asks only what is known', () => {
    const draw = (seed: number) => Array.from({ length: 2_000 }, nextCall.bind(undefined, seededRandom(seed)));
    const calls = draw(3);
    expect(draw(3)).toEqual(calls);
    expect(draw(4)).not.toEqual(calls);
    expect(new Set(calls.map(({ form }) => JSON.stringify(form))).size).toBe(6);
    expect(new Set(calls.flatMap(({ manner }) => Object.keys(manner)))).toEqual(
      new Set(['leaveAfterBytes', 'leaveAfterMs', 'pauseMs']),
    );
    expect(calls.filter(({ prompt }) => !ALL_PROMPTS.includes(prompt))).toEqual([]);
  });

  it('meets every kind of trouble of the mixture, which is a plan the simulator takes', () => {
    expect(mixedFaults(1).faults.length).toBeGreaterThan(20);
  });

  it('refuses options that make no sense', () => {
    for (const args of [['--minutes', '0'], ['--rate', 'x'], ['--rate', '1000'], ['--what']])
      expect(() => readOptions(args)).toThrow();
  });
});
