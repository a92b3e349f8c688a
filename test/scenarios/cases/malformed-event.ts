import { attempted, illAfter, missed, usageTold } from '../demands.js';
import { type Scenario, type Seen } from '../scenario.js';

const TITLE = 'one malformed event';

function judge(seen: Seen): readonly string[] {
  return missed(attempted(seen, 1, 6), usageTold(seen));
}

/** Half an event among whole ones, and nothing is missing. */
export const extraMalformedEvent: Scenario = {
  number: 10,
  variant: 'a',
  title: `${TITLE}, beside the others`,
  unary: false,
  faults: ({ events }) => [{ times: 1, fault: { kind: 'garbage', mode: 'extra', afterEvents: events(30) } }],
  judge,
  afterwards: illAfter,
};

/** Half an event in the place of one that carried text: leaving it out would leave a hole. */
export const replacedEvent: Scenario = {
  number: 10,
  variant: 'b',
  title: `${TITLE}, in place of text`,
  unary: false,
  faults: ({ events }) => [{ times: 1, fault: { kind: 'garbage', mode: 'replace', afterEvents: events(30) } }],
  judge,
  afterwards: illAfter,
};
