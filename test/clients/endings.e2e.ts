import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from '../support/boot.js';
import { comparable } from './comparable.js';
import { CLIENTS } from './drivers/all-drivers.js';
import { type ClientDriver } from './drivers/client-driver.js';
import { keyFor, strikeByKey } from './keyed-faults.js';

/** Answers that end in another way than STOP. They are Gemini's decision, not a failure, and some packages throw. */
const PROMPTS = {
  'a blocked prompt': '#blocked',
  'a stop for safety': '#safety',
  'a stop for recitation': '#recitation',
};
const FAULTS = {
  'thoughts up to the limit': { fault: { kind: 'thoughtsOnly', finish: 'MAX_TOKENS' } },
  'a malformed call': { fault: { kind: 'malformedFunctionCall' } },
  'a finish reason nobody knows': { fault: { kind: 'finishReason', reason: 'BRAND_NEW_REASON' } },
  'prohibited content': { fault: { kind: 'finishReason', reason: 'PROHIBITED_CONTENT' } },
} as const;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  strikeByKey(stage.simulator, FAULTS);
});
afterAll(() => stage.close());

/** What becomes of a call, whether it is answered or the package throws. */
async function becomes(
  driver: ClientDriver,
  how: 'unary' | 'stream',
  at: { url: string; ending: string },
): Promise<unknown> {
  const prompt = Object.entries(PROMPTS).find(([name]) => name === at.ending)?.[1] ?? 'Hello';
  const client = driver.connect({ url: at.url, key: keyFor(at.ending, driver.name) });
  return client[how]({ prompt }).then(comparable, (error: unknown) => {
    const { constructor, message } = error as Error;
    return { thrown: constructor.name, message: message.replaceAll(at.url, '') };
  });
}

describe.each(CLIENTS)('$name', (driver) => {
  const cases = Object.keys({ ...PROMPTS, ...FAULTS });
  describe.each(['unary', 'stream'] as const)('%s', (how) => {
    it.each(cases)('tells its user of %s as without the node', async (ending) => {
      const through = await becomes(driver, how, { url: stage.node.url + driver.path.node, ending });
      expect(through).toEqual(await becomes(driver, how, { url: stage.simulator.url + driver.path.gemini, ending }));
    });
  });
});
