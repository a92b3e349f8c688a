import { attempted, illAfter, missed, usageTold, withinTime } from '../demands.js';
import { PRIMARY, type Scenario } from '../scenario.js';

/** A stream whose connection is cut with two thirds of the answer sent. */
export const cutStream: Scenario = {
  number: 8,
  title: 'cut at 40 of 60 words, once',
  unary: false,
  faults: ({ events }) => [{ times: 1, fault: { kind: 'cut', afterEvents: events(40) } }],
  judge: (seen) => missed(attempted(seen, 2, 6), usageTold(seen)),
};

/** A stream that stops in the middle and keeps its connection open. */
export const silentStream: Scenario = {
  number: 9,
  title: 'silent for 30 s after 20 words',
  unary: false,
  fast: { STREAM_IDLE_TIMEOUT_MS: '1875ms' },
  faults: ({ profile, events }) => [
    { model: PRIMARY, fault: { kind: 'stall', afterEvents: events(20), forMs: profile.atMost(30_000) } },
  ],
  judge: (seen) => missed(withinTime(seen, 45_000), attempted(seen, 1, 6), usageTold(seen)),
  afterwards: illAfter,
};

/**
 * The primary is cut and then down, and the fallback takes no request that ends in a model turn: what was said so far
 * cannot be handed over to it.
 */
export const fallbackRefusesPartial: Scenario = {
  number: 14,
  title: 'cut at 40 words, fallback refuses a model turn',
  unary: false,
  // Not among the models that take a prefilled turn.
  fallback: 'gemini-3.5-flash',
  foreign: /ending with a model turn/,
  faults: ({ events }) => [
    { model: PRIMARY, times: 1, fault: { kind: 'cut', afterEvents: events(40) } },
    { model: PRIMARY, skip: 1, fault: { kind: 'error', status: 'UNAVAILABLE' } },
  ],
  judge: (seen) => missed(attempted(seen, 3, 6), usageTold(seen)),
};
