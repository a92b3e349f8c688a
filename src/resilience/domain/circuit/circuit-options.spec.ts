import { expect, it } from 'vitest';
import { circuitOptions, type CircuitOptions } from './circuit-options.js';

it('refuses options that could never work', () => {
  const broken: Partial<CircuitOptions>[] = [
    { consecutiveFailures: 0 },
    { failureRate: { share: 0, minimumCalls: 1 } },
    { failureRate: { share: 50, minimumCalls: 1 } },
    { window: { kind: 'count', calls: 5 } },
    { window: { kind: 'count', calls: 1e9 } },
    { window: { kind: 'time', spanMs: 0, slots: 1 } },
    { slowRate: { share: 1, minimumCalls: 1, slowerThanMs: Number.NaN } },
    { openMs: 0 },
    { growth: 0.5 },
    { healthyMs: -1 },
    { probes: 0 },
    { successesToClose: 1.5 },
    { probeLimitMs: Number.POSITIVE_INFINITY },
  ];
  for (const options of broken) expect(() => circuitOptions(options), JSON.stringify(options)).toThrow(RangeError);
});
