import { answeredBy, asked, attempted, missed, usageTold } from '../demands.js';
import { FALLBACK, PRIMARY, type Scenario } from '../scenario.js';

/** A server that stumbles. */
export const oneServerError: Scenario = {
  number: 3,
  title: '500 once',
  unary: true,
  faults: () => [{ times: 1, fault: { kind: 'error', status: 'INTERNAL' } }],
  judge: (seen) => missed(attempted(seen, 2), asked(seen, PRIMARY, 2), answeredBy(seen, PRIMARY), usageTold(seen)),
};

/** A model that is overloaded for hours. */
export const overloadedForEver: Scenario = {
  number: 4,
  title: '503 for ever',
  unary: true,
  faults: () => [{ model: PRIMARY, fault: { kind: 'error', status: 'UNAVAILABLE' } }],
  judge: (seen) => missed(attempted(seen, 2, 6), answeredBy(seen, FALLBACK), usageTold(seen)),
};

/** A connection that breaks before there is a head. */
export const resetBeforeHead: Scenario = {
  number: 5,
  title: 'reset before the head, once',
  unary: true,
  faults: () => [{ times: 1, fault: { kind: 'reset', beforeHeaders: true } }],
  judge: (seen) => missed(attempted(seen, 2), usageTold(seen)),
};
