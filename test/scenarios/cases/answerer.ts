import { answeredBy, type Demand, missed } from '../demands.js';
import { FALLBACK, PRIMARY, type Scenario, type Seen } from '../scenario.js';

function ownUsage({ answer, expected }: Seen): Demand {
  const [told, due] = [answer.usage, expected.usage].map((usage) => JSON.stringify(usage));
  return [told === due, `usage ${String(told)}, the answerer reports ${String(due)}`];
}

/** Whose answer it is, and what it cost, has to be the answerer's own word. */
export const answererIsNamed: Scenario = {
  number: 16,
  title: 'model and usage after a failover',
  unary: true,
  answerer: 'fallback',
  simulator: { sameTextForAllModels: false },
  faults: () => [{ model: PRIMARY, fault: { kind: 'error', status: 'UNAVAILABLE' } }],
  judge: (seen) => missed(answeredBy(seen, FALLBACK), ownUsage(seen)),
};
