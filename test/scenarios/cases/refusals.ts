import { answeredBy, asked, attempted, type Demand, missed, usageTold } from '../demands.js';
import { FALLBACK, PRIMARY, PROMPT, type Scenario, type Seen } from '../scenario.js';

/** More tokens than the primary of that scenario takes. */
const INPUT_LIMIT = 50;

/** A prompt that only a larger model can take. */
export const contextTooLong: Scenario = {
  number: 12,
  title: 'context too long for the model',
  unary: true,
  answerer: 'fallback',
  prompt: `${'A long story needs a long beginning. '.repeat(20)}${PROMPT}`,
  simulator: { models: [{ name: PRIMARY, inputTokenLimit: INPUT_LIMIT }] },
  faults: () => [],
  judge: (seen) => missed(asked(seen, PRIMARY, 1), attempted(seen, 2), answeredBy(seen, FALLBACK), usageTold(seen)),
};

function filtered(seen: Seen, reason: string): readonly string[] {
  const { finish = 'nothing' } = seen.answer;
  const visible: Demand = [finish.includes(reason), `the caller reads ${finish}`];
  return missed(attempted(seen, 1), asked(seen, PRIMARY, 1), answeredBy(seen, PRIMARY), visible);
}

/** A prompt that Gemini does not take. */
export const blockedPrompt: Scenario = {
  number: 13,
  variant: 'a',
  title: 'prompt blocked by the content filter',
  unary: true,
  prompt: `${PROMPT} #blocked`,
  faults: () => [],
  judge: (seen) => filtered(seen, 'PROHIBITED_CONTENT'),
};

/** An answer that Gemini breaks off itself. */
export const unsafeAnswer: Scenario = {
  number: 13,
  variant: 'b',
  title: 'answer stopped by the content filter',
  unary: true,
  prompt: `${PROMPT} #safety`,
  faults: () => [],
  judge: (seen) => filtered(seen, 'SAFETY'),
};
