import { answererIsNamed } from './cases/answerer.js';
import { cutStream, fallbackRefusesPartial, silentStream } from './cases/broken-streams.js';
import { extraMalformedEvent, replacedEvent } from './cases/malformed-event.js';
import { closedWithoutEnd, heldOpen } from './cases/no-end-mark.js';
import { outage } from './cases/outage.js';
import { quotaForEver, quotaWithWait } from './cases/quota.js';
import { blockedPrompt, contextTooLong, unsafeAnswer } from './cases/refusals.js';
import { oneServerError, overloadedForEver, resetBeforeHead } from './cases/server-errors.js';
import { acceptedThenSilent, lateFirstToken } from './cases/silence.js';
import { type Scenario } from './scenario.js';

/** Every scenario, in the order of the scorecard. */
export const SCENARIOS: readonly Scenario[] = [
  quotaWithWait,
  quotaForEver,
  oneServerError,
  overloadedForEver,
  resetBeforeHead,
  acceptedThenSilent,
  lateFirstToken,
  cutStream,
  silentStream,
  extraMalformedEvent,
  replacedEvent,
  heldOpen,
  closedWithoutEnd,
  contextTooLong,
  blockedPrompt,
  unsafeAnswer,
  fallbackRefusesPartial,
  outage,
  answererIsNamed,
];
