import { attempted, missed, usageTold } from '../demands.js';
import { type Scenario, type Seen } from '../scenario.js';
import { seconds } from '../verdict.js';

/** Well under the limit of silence within a stream, which is 15 s in every profile, ms. */
const AT_ONCE_MS = 5_000;

function judge(seen: Seen): readonly string[] {
  const { ms } = seen.answer;
  return missed(attempted(seen, 1), [ms < AT_ONCE_MS, `took ${seconds(ms)}`], usageTold(seen));
}

/** The answer is whole, but neither `[DONE]` nor the end of the message comes. */
export const heldOpen: Scenario = {
  number: 11,
  variant: 'a',
  title: 'no end mark, connection held open',
  unary: false,
  faults: () => [{ fault: { kind: 'noTerminator' } }],
  judge,
};

/** The answer is whole, then the connection closes without `[DONE]` and without the end of the message. */
export const closedWithoutEnd: Scenario = {
  number: 11,
  variant: 'b',
  title: 'no end mark, connection closed',
  unary: false,
  faults: () => [{ fault: { kind: 'truncatedBody' } }],
  judge,
};
