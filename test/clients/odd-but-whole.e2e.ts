import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bootNode, type Stage, setStage } from '../support/boot.js';
import { CLIENTS, PACKAGES } from './drivers/all-drivers.js';
import { requestsWith } from './journal-reading.js';
import { type KeyedFault, keyFor, strikeByKey } from './keyed-faults.js';
import { scriptedUpstream } from './scripted-upstream.js';

/** Answers that are whole although they come in a way that some of the packages cannot take from Gemini itself. */
const ODD: Readonly<Record<string, KeyedFault>> = {
  'comments between the events': { fault: { kind: 'comments' } },
  'event names': { fault: { kind: 'comments', eventName: 'message' } },
  'an end that is never sent': { fault: { kind: 'noTerminator' } },
  'a cut behind the whole answer': { fault: { kind: 'truncatedBody' } },
  'usage events for a while': { fault: { kind: 'zombie', everyMs: 10, forMs: 60 } },
  'silence for a while': { fault: { kind: 'silence', forMs: 150 } },
  'a pause in the middle': { fault: { kind: 'stall', forMs: 150 } },
};

/** A model of long answers gives a part with a token for the rest, which is its client's to ask for. */
const HOPS: Readonly<Record<string, KeyedFault>> = { 'answer in hops': { fault: { kind: 'continuation', words: 20 } } };

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  strikeByKey(stage.simulator, { ...ODD, ...HOPS });
});
afterAll(() => stage.close());

describe.concurrent.each(CLIENTS)('$name', (driver) => {
  it.each(Object.keys(ODD))('gets the whole streamed answer with %s', async (odd) => {
    const direct = driver.connect({ url: stage.simulator.url + driver.path.gemini, key: 'undisturbed' });
    const key = keyFor(odd, driver.name);
    const through = driver.connect({ url: stage.node.url + driver.path.node, key });
    const ask = { prompt: 'Tell me a story #words=60' };
    const { text, usage } = await direct.stream(ask);
    expect(await through.stream(ask)).toMatchObject({ text, usage });
    expect(requestsWith(stage.simulator, key)).toMatchObject([{ faults: [ODD[odd]?.fault.kind] }]);
  });
});

describe.each(CLIENTS)('$name', (driver) => {
  it.each(['unary', 'stream'] as const)('gets an answer in hops as without the node, %s', async (how) => {
    const key = keyFor('answer in hops', driver.name + how);
    const ask = { prompt: 'Tell me a story #words=60', model: 'gemini-4-argon' };
    const direct = await driver.connect({ url: stage.simulator.url + driver.path.gemini, key })[how](ask);
    const { text, finish } = await driver.connect({ url: stage.node.url + driver.path.node, key })[how](ask);
    expect({ text, finish }).toEqual({ text: direct.text, finish: direct.finish });
    expect(text.length).toBeGreaterThan(50);
  });
});

const FIRST = '{"candidates":[{"content":{"role":"model","parts":[{"text":"One "}]},"index":0}]}';
const LAST = '{"candidates":[{"content":{"role":"model","parts":[{"text":"two."}]},"index":0,"finishReason":"STOP"}]}';

/** Ways of writing the same two events which the format allows, and not every package reads. */
const SPELLINGS: Readonly<Record<string, string>> = {
  'no space behind data:': `data:${FIRST}\n\ndata:${LAST}\n\n`,
  'an event split into two lines': `data: ${FIRST.replace('"role"', '\ndata: "role"')}\n\ndata: ${LAST}\n\n`,
  'ids, names and times to wait': `id: 1\nevent: message\nretry: 100\ndata: ${FIRST}\n\nid: 2\ndata: ${LAST}\n\n`,
  'no blank line at the end': `data: ${FIRST}\r\n\r\ndata: ${LAST}`,
  'an end mark of the other dialect': `data: ${FIRST}\r\n\r\ndata: ${LAST}\r\n\r\ndata: [DONE]\r\n\r\n`,
  'blank lines and comments in between': `\r\n\r\n: first\r\n\r\ndata: ${FIRST}\r\n\r\n\r\n:\r\n\r\ndata: ${LAST}\r\n\r\n`,
};

describe.each(Object.entries(SPELLINGS))('a native stream with %s', (_, stream) => {
  it('is read by all packages', async () => {
    const upstream = await scriptedUpstream([stream], 0);
    onTestFinished(() => upstream.close());
    const { node } = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: upstream.url });
    onTestFinished(() => node.drain());
    const native = PACKAGES.filter(({ name }) => !name.startsWith('openai'));
    const read = await Promise.all(
      native.map(async (driver) => {
        const client = driver.connect({ url: node.url + driver.path.node, key: 'good-key' });
        return [driver.name, (await client.stream({ prompt: 'Count' })).text];
      }),
    );
    expect(read).toEqual(native.map(({ name }) => [name, 'One two.']));
  });
});
