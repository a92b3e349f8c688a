import { describe, expect, it } from 'vitest';
import { type Condition, judge, type RequestFacts, summarise } from './node-state.js';

const calm: RequestFacts = { phase: 'running', answered: 0, failed: 0, failing: false, lastFailure: undefined };
const slow: Condition = {
  name: 'loop',
  severity: 'degraded',
  reason: 'The node is busy.',
  cause: 'local_overload',
  evidence: {},
  notReady: false,
  urgent: false,
  restartCures: false,
  healable: true,
  since: 0,
};
const sentence = (facts: RequestFacts, conditions: Condition[] = [], now = 0): string =>
  summarise(judge(facts, conditions), facts, conditions, now);

describe('the state of the node', () => {
  it('is what its life says before anything else', () => {
    expect(judge({ ...calm, phase: 'draining', failing: true }, [slow])).toBe('draining');
    expect(judge({ ...calm, phase: 'starting' }, [])).toBe('starting');
  });

  it('is the worst of requests and conditions', () => {
    expect(judge(calm, [])).toBe('healthy');
    expect(judge(calm, [slow])).toBe('degraded');
    expect(judge({ ...calm, failing: true }, [slow])).toBe('unhealthy');
    expect(judge(calm, [slow, { ...slow, severity: 'unhealthy' }])).toBe('unhealthy');
  });

  it('is told in a sentence that counts', () => {
    expect(sentence(calm)).toContain('waiting');
    expect(sentence({ ...calm, answered: 1 })).toBe('Healthy. 1 request in the last 5 minutes, all answered.');
    expect(sentence({ ...calm, answered: 9, failed: 1 })).toContain('1 of them failed');
    expect(sentence(calm, [slow])).toBe('Degraded: The node is busy.');
    expect(sentence({ ...calm, answered: 1, failed: 3, failing: true, lastFailure: 'UNAVAILABLE' })).toBe(
      'Failing: 75 % of the requests of the last 5 minutes failed, last with UNAVAILABLE.',
    );
  });

  it('says since when, by the minute, of what is worst', () => {
    const worse: Condition = { ...slow, severity: 'unhealthy', reason: 'The disk is full.', since: 300_000 };
    expect(sentence(calm, [slow], 59_999)).toBe('Degraded: The node is busy.');
    expect(sentence(calm, [slow], 390_000)).toBe('Degraded for 6 min: The node is busy.');
    expect(sentence(calm, [worse, slow], 420_000)).toMatch(/^Unhealthy for 2 min: The disk is full\./);
    // A clock that was set back makes no age.
    expect(sentence(calm, [{ ...slow, since: 900_000 }], 0)).toBe('Degraded: The node is busy.');
  });

  it('says what to do, and stays short when much is wrong', () => {
    const advised = { ...slow, advice: 'Free some space.' };
    expect(sentence(calm, [advised])).toBe('Degraded: The node is busy. Free some space.');
    expect(sentence(calm, [slow, slow, slow])).toMatch(/busy\. 1 more of its parts is not well\.$/);
    expect(sentence(calm, Array<Condition>(40).fill(slow)).length).toBeLessThan(100);
  });

  it('names the parts of its life', () => {
    expect(sentence({ ...calm, phase: 'starting' })).toMatch(/^Starting: /);
    expect(sentence({ ...calm, phase: 'draining' }, [slow], 1e9)).toMatch(/^Shutting down: /);
  });
});
