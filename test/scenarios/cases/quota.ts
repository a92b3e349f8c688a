import { asked, answeredBy, attempted, missed, startOf, usageTold } from '../demands.js';
import { FALLBACK, PRIMARY, type Scenario } from '../scenario.js';

/** What Gemini asks callers to wait, s. */
const WAIT_S = 2;

/** A quota that is used up and says when it is back. */
export const quotaWithWait: Scenario = {
  number: 1,
  title: '429 once, Retry-After 2',
  unary: true,
  faults: ({ profile }) => [
    {
      times: 1,
      fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', bare: true, retryAfter: profile.seconds(WAIT_S) },
    },
  ],
  judge: (seen) => {
    const waited = startOf(seen, 1) ?? 0;
    const least = seen.profile.seconds(WAIT_S) * 900;
    return missed(
      attempted(seen, 2),
      asked(seen, PRIMARY, 2),
      [waited >= least, `tried again after ${Math.round(waited)} ms, not ${least}`],
      usageTold(seen),
    );
  },
};

/** Real time in which a node that backs off does not ask often, ms. */
const OPENING_MS = 3_000;

/** A quota that is used up for good and says nothing. */
export const quotaForEver: Scenario = {
  number: 2,
  title: '429 for ever, without a word',
  unary: true,
  faults: () => [{ model: PRIMARY, fault: { kind: 'error', status: 'RESOURCE_EXHAUSTED', bare: true } }],
  judge: (seen) => {
    const opening = seen.attempts.filter((_, at) => (startOf(seen, at) ?? 0) < seen.profile.ms(OPENING_MS));
    return missed(
      [opening.length <= 4, `${opening.length} attempts in the first ${OPENING_MS / 1000} s`],
      attempted(seen, 2, 6),
      answeredBy(seen, FALLBACK),
      usageTold(seen),
    );
  },
};
