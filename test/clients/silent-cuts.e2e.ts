import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { type AnswerFault, STREAM_FAULTS, UNARY_FAULTS } from './answer-faults.js';
import { PACKAGES } from './drivers/all-drivers.js';
import { type ClientDriver } from './drivers/client-driver.js';
import { type FaultyStage, HASTY, setFaultyStage } from './faulty-stage.js';
import { requestsWith } from './journal-reading.js';
import { keyFor } from './keyed-faults.js';

// Most of these calls only wait for a limit to pass.
vi.setConfig({ maxConcurrency: 20 });

const PROMPT = 'Tell me a story #words=60';
/** The node's limit of attempts for one call. */
const MOST_ATTEMPTS = 3;
/** How soon nothing may be left at the upstream. */
const TIDY = { timeout: 5_000, interval: 20 };

interface Way {
  readonly how: 'unary' | 'stream';
  readonly faults: Readonly<Record<string, AnswerFault>>;
}

const WAYS: readonly Way[] = [
  { how: 'stream', faults: STREAM_FAULTS },
  { how: 'unary', faults: UNARY_FAULTS },
];

describe.each(WAYS)('$how: what the user of a package sees', ({ how, faults }) => {
  let stage: FaultyStage;
  beforeAll(async () => {
    stage = await setFaultyStage(faults, HASTY[how]);
  });
  afterAll(() => stage.close());

  /** The text a user takes for the answer; undefined when an error was raised. */
  async function taken(driver: ClientDriver, fault: string): Promise<string | undefined> {
    const url = stage.urlFor(faults[fault]) + driver.path.node;
    const client = driver.connect({ url, key: keyFor(fault, driver.name) });
    return client[how]({ prompt: PROMPT }).then(
      ({ text }) => text,
      () => undefined,
    );
  }

  /** What Gemini says when nothing goes wrong. */
  async function undisturbed(driver: ClientDriver): Promise<string> {
    const client = driver.connect({ url: stage.simulator.url + driver.path.gemini, key: 'undisturbed' });
    return (await client[how]({ prompt: PROMPT })).text;
  }

  const cases = PACKAGES.flatMap((driver) =>
    Object.keys(faults).map((fault) => ({ name: driver.name, fault, driver })),
  );
  it.concurrent.for(cases)('$name with $fault: the whole text or an error', async ({ driver, fault }, { expect }) => {
    const whole = await undisturbed(driver);
    const text = await taken(driver, fault);
    expect(whole.split(' ')).toHaveLength(60);
    expect([whole, undefined]).toContain(text);
    const requests = () => requestsWith(stage.simulator, keyFor(fault, driver.name));
    await expect.poll(() => requests().filter(({ outcome }) => outcome === undefined), TIDY).toEqual([]);
    expect(requests().length).toBeLessThanOrEqual(MOST_ATTEMPTS);
    if (faults[fault]?.waits !== true) expect(requests()).not.toEqual([]);
    for (const { faults: struck, surface } of requests()) {
      if (surface === 'native' || faults[fault]?.surface === undefined)
        expect(struck).toEqual([faults[fault]?.fault.kind]);
    }
  });
});
