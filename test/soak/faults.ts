import { type FaultPlan, parseFaultPlan } from '../../src/simulator/index.js';

/** A share of the calls, from 0 to 1, and what happens to them. */
type Share = readonly [probability: number, fault: object];

/** Nearly an eighth of all attempts meet something, most of it what real days bring. */
const SHARES: readonly Share[] = [
  [0.05, { kind: 'latency', ms: 50, jitterMs: 200 }],
  [0.002, { kind: 'silence', forMs: 60_000 }],
  [0.02, { kind: 'error', status: 'UNAVAILABLE' }],
  [0.01, { kind: 'error', status: 'INTERNAL' }],
  [0.003, { kind: 'error', status: 'RESOURCE_EXHAUSTED', quota: 'PerMinute', retryDelay: 1_000 }],
  [0.002, { kind: 'error', status: 'UNAVAILABLE', code: 502, html: true }],
  [0.01, { kind: 'reset', beforeHeaders: true }],
  [0.005, { kind: 'html200' }],
  [0.01, { kind: 'emptyAnswer' }],
  [0.005, { kind: 'missingFinish' }],
  [0.003, { kind: 'firstTokenDelay', ms: 10_000 }],
  [0.01, { kind: 'slow', perEventMs: 60 }],
  [0.01, { kind: 'reset', afterEvents: 3 }],
  [0.01, { kind: 'cut', afterEvents: 2 }],
  [0.005, { kind: 'cut', afterEvents: 4, cleanEnd: true }],
  [0.005, { kind: 'stall', afterEvents: 3 }],
  [0.005, { kind: 'truncatedEvent', afterEvents: 2 }],
  [0.005, { kind: 'garbage', afterEvents: 2 }],
  [0.005, { kind: 'garbage', afterEvents: 2, mode: 'replace' }],
  [0.005, { kind: 'inStreamError', afterEvents: 2 }],
  [0.005, { kind: 'bareJsonError', afterEvents: 2 }],
  [0.003, { kind: 'zombie', afterEvents: 2, everyMs: 500, forMs: 20_000 }],
  [0.005, { kind: 'noTerminator' }],
  [0.005, { kind: 'truncatedBody' }],
];

/** Everything that can go wrong with a call, now and then. */
export function mixedFaults(seed: number): FaultPlan {
  const faults = SHARES.map(([probability, fault]) => ({ method: '*enerateContent', probability, fault }));
  const { plan, problems } = parseFaultPlan({ seed, faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  return plan;
}
