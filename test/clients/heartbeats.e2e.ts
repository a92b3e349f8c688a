import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from '../support/boot.js';
import { CLIENTS } from './drivers/all-drivers.js';
import { requestsWith } from './journal-reading.js';
import { type KeyedFault, keyFor, strikeByKey } from './keyed-faults.js';

/** Pauses that are filled with heartbeats, before the first word and behind it. */
const PAUSES: Readonly<Record<string, KeyedFault>> = {
  'a late first word': { fault: { kind: 'firstTokenDelay', ms: 600 } },
  'a pause in the middle': { fault: { kind: 'stall', afterEvents: 6, forMs: 600 } },
  'a slow answer': { fault: { kind: 'slow', perEventMs: 120 } },
  'usage events for a while': { fault: { kind: 'zombie', everyMs: 100, forMs: 600 } },
  'an end that is never sent': { fault: { kind: 'noTerminator' } },
};

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({
    STREAM_HEARTBEAT_INTERVAL: '50ms',
    STREAM_EARLY_HEAD: '100ms',
    STREAM_END_GRACE_MS: '400ms',
  });
  strikeByKey(stage.simulator, PAUSES);
});
afterAll(() => stage.close());

describe.concurrent.each(CLIENTS)('$name', (driver) => {
  it.each(Object.keys(PAUSES))('gets the exact answer with heartbeats through %s', async (pause) => {
    const direct = driver.connect({ url: stage.simulator.url + driver.path.gemini, key: 'undisturbed' });
    const key = keyFor(pause, driver.name);
    const through = driver.connect({ url: stage.node.url + driver.path.node, key });
    const ask = { prompt: 'Tell me a story #words=60' };
    const { text, usage, finish, calls } = await direct.stream(ask);
    expect(await through.stream(ask)).toMatchObject({ text, usage, finish, calls });
    expect(requestsWith(stage.simulator, key)).toMatchObject([{ faults: [PAUSES[pause]?.fault.kind] }]);
  });

  it('gets a call of a tool with heartbeats through a late first word', async () => {
    const key = keyFor('a late first word', `${driver.name} tool`);
    const direct = driver.connect({ url: stage.simulator.url + driver.path.gemini, key: 'undisturbed' });
    const through = driver.connect({ url: stage.node.url + driver.path.node, key });
    const ask = { prompt: 'What is the weather in Oslo? #tool', tool: true };
    const { text, calls } = await direct.stream(ask);
    expect(await through.stream(ask)).toMatchObject({ text, calls });
  });
});
