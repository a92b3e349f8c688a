import { describe, expect, it } from 'vitest';
import { judge, reasonOf, type StateFacts } from './node-state.js';
import { conditionOf } from './test-condition.js';

const calm: StateFacts = { phase: 'running', failing: false };
const slow = conditionOf();

describe('the state of the node', () => {
  it('is what its life says before anything else', () => {
    expect(judge({ phase: 'draining', failing: true }, [slow])).toBe('draining');
    expect(judge({ ...calm, phase: 'starting' }, [])).toBe('starting');
  });

  it('is the worst of requests and conditions', () => {
    expect(judge(calm, [])).toBe('healthy');
    expect(judge(calm, [slow])).toBe('degraded');
    expect(judge({ ...calm, failing: true }, [slow])).toBe('unhealthy');
    expect(judge(calm, [slow, conditionOf({ severity: 'unhealthy' })])).toBe('unhealthy');
  });
});

it('a condition is told with what the node does about it', () => {
  expect(reasonOf(slow)).toBe('The node is busy.');
  expect(reasonOf({ reason: 'A key is refused.', doing: 'Others serve.' })).toBe('A key is refused. Others serve.');
});
