import { setTimeout as passed } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RequestRecord } from '../../src/simulator/index.js';
import { type Stage, setStage } from '../support/boot.js';
import { CLIENTS } from './drivers/all-drivers.js';
import { MODEL } from './drivers/client-driver.js';
import { genai } from './drivers/genai.driver.js';
import { requestsWith, requestWith } from './journal-reading.js';
import { keyFor, strikeByKey } from './keyed-faults.js';

/** How soon Gemini has to hear that the client has left, ms. */
const AT_ONCE_MS = 1_000;
/** Long enough for a retry to show, ms. */
const RETRY_MS = 400;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  strikeByKey(stage.simulator, {
    stall: { fault: { kind: 'stall', afterEvents: 4 } },
    silence: { fault: { kind: 'silence' } },
    'first word': { fault: { kind: 'firstTokenDelay' } },
  });
});
afterAll(() => stage.close());

/** What has to be true once a client has left: Gemini was told at once, and nobody asked again. */
async function leftBehind(key: string): Promise<readonly RequestRecord[]> {
  await requestWith(stage.simulator, key, { ms: AT_ONCE_MS, that: ({ outcome }) => outcome === 'client_aborted' });
  await passed(RETRY_MS);
  return requestsWith(stage.simulator, key);
}

describe.concurrent.each(CLIENTS)('$name', (driver) => {
  const connect = (key: string) => driver.connect({ url: stage.node.url + driver.path.node, key, retries: 2 });

  it('shows each event as it comes, and takes the upstream along when it leaves in the middle', async ({ expect }) => {
    const key = keyFor('stall', driver.name);
    const leaving = new AbortController();
    const pieces: string[] = [];
    const reading = connect(key).stream({ prompt: 'Long #words=200', signal: leaving.signal }, (piece) => {
      pieces.push(piece);
      // The upstream sends no more than four events: so these came while the answer was on its way.
      if (pieces.filter((text) => text !== '').length === 3) leaving.abort();
    });
    await Promise.allSettled([reading]);
    const [only, ...more] = await leftBehind(key);
    expect(leaving.signal.aborted).toBe(true);
    expect(only).toMatchObject({ eventsSent: 4, outcome: 'client_aborted' });
    expect(more).toEqual([]);
  });

  it('takes the upstream along when it leaves before the first event', async ({ expect }) => {
    const key = keyFor('first word', driver.name);
    const leaving = new AbortController();
    const reading = connect(key).stream({ prompt: 'Hello', signal: leaving.signal });
    await requestWith(stage.simulator, key, { ms: 10_000, that: ({ status }) => status === 200 });
    leaving.abort();
    await Promise.allSettled([reading]);
    expect(await leftBehind(key)).toMatchObject([{ outcome: 'client_aborted' }]);
  });
});

describe.concurrent.each(CLIENTS.filter(({ abortsUnary }) => abortsUnary))('$name', (driver) => {
  it('takes the upstream along when it leaves before the answer', async ({ expect }) => {
    const key = keyFor('silence', driver.name);
    const leaving = new AbortController();
    const reading = driver
      .connect({ url: stage.node.url + driver.path.node, key, retries: 2 })
      .unary({ prompt: 'Hello', signal: leaving.signal });
    await requestWith(stage.simulator, key, { ms: 10_000, that: ({ model }) => model === MODEL });
    leaving.abort();
    await expect(reading).rejects.toThrow();
    expect(await leftBehind(key)).toMatchObject([{ outcome: 'client_aborted' }]);
  });
});

describe('an interaction', () => {
  it('is left at once when its reader leaves', async () => {
    const key = keyFor('stall', 'interaction');
    const { interactions } = genai({ url: stage.node.url, key });
    const stream = await interactions.create({ model: MODEL, input: 'Long #words=200', stream: true });
    let events = 0;
    for await (const event of stream) {
      expect(event.event_type).toMatch(/^(interaction|step)\./);
      if (++events === 3) break;
    }
    expect(await leftBehind(key)).toMatchObject([{ eventsSent: 4, outcome: 'client_aborted' }]);
  });
});
