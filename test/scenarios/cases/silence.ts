import { answeredBy, asked, attempted, missed, usageTold, withinTime } from '../demands.js';
import { FALLBACK, PRIMARY, type Scenario } from '../scenario.js';

/** Real time after which a silence must be over for the caller, ms. */
const OVER_MS = 100_000;

const BESIDE = { FIRST_TOKEN_BESIDE_MS: '1s', ANSWER_BESIDE: '3s' };

/** A request that is taken and not answered, not even with a head. */
export const acceptedThenSilent: Scenario = {
  number: 6,
  title: 'accepted, then silent for 120 s',
  unary: true,
  patienceMs: OVER_MS,
  fast: BESIDE,
  faults: ({ profile }) => [{ model: PRIMARY, fault: { kind: 'silence', forMs: profile.atMost(120_000) } }],
  judge: (seen) => missed(asked(seen, PRIMARY, 1), attempted(seen, 2, 6), withinTime(seen, OVER_MS), usageTold(seen)),
};

/** A model that thinks for longer than a caller should wait while another is ready. */
export const lateFirstToken: Scenario = {
  number: 7,
  title: 'first token after 20 s',
  unary: false,
  fast: BESIDE,
  faults: ({ profile }) => [{ model: PRIMARY, fault: { kind: 'firstTokenDelay', ms: profile.atMost(20_000) } }],
  judge: (seen) =>
    missed(answeredBy(seen, FALLBACK), asked(seen, PRIMARY, 1), withinTime(seen, 15_000), usageTold(seen)),
};
