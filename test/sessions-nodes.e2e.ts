import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newDatabase, testedKinds } from '../src/memory/test-databases.js';
import { parseFaultPlan, type RunningSimulator, startSimulator } from '../src/simulator/index.js';
import { bootNode } from './support/boot.js';
import { callsOf, eventsOf, saidIn, say, textOf } from './support/conversing.js';

let simulator: RunningSimulator;
let nodes: Awaited<ReturnType<typeof bootNode>>[];

const onServer = testedKinds('the same request at two nodes').includes('PostgreSQL');
const KEY = { 'idempotency-key': 'the-same' };

/** All of an answer up to its end, or to the break of the connection behind an error event. */
async function received(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
  } catch {
    expect(text).toContain('event: error');
  }
  return text;
}

beforeEach(async () => {
  simulator = await startSimulator({ wordDelayMs: 0 });
  const shared = {
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: simulator.url,
    DATABASE_URL: await newDatabase('PostgreSQL'),
  };
  nodes = await Promise.all([bootNode(shared), bootNode(shared)]);
});

afterEach(async () => {
  for (const { node } of nodes) await node.drain();
  await simulator.close();
});

describe.skipIf(!onServer)('the same request at two nodes on one database', () => {
  it.each(['text/event-stream', 'application/json'])(
    'is stored once; the node that is later says so, and then gives the answer of the other, as %s',
    async (accept) => {
      const urls = nodes.map(({ node }) => node.url);
      const said = { message: 'Hello #words=60', session_id: 'shared' };
      simulator.faults.set(parseFaultPlan({ faults: [{ fault: { kind: 'slow', perEventMs: 100 } }] }).plan!);
      const both = urls.map(async (url) => {
        const response = await say(url, said, { ...KEY, accept });
        return { status: response.status, body: await received(response) };
      });
      const ends = await Promise.all(both);
      simulator.faults.clear();
      expect(callsOf({ simulator }, 'streamGenerateContent')).toBe(2);
      const later = ends.filter(({ body }) => body.includes('"code":"CONFLICT"'));
      expect(later).toHaveLength(1);
      if (accept === 'application/json') expect(later[0]?.status).toBe(409);
      else expect(later[0]?.body).not.toContain('event: done');

      const texts = new Set<string>();
      for (const url of urls) {
        const again = await say(url, said, KEY);
        expect([again.status, again.headers.get('x-l104-replayed')]).toEqual([200, 'true']);
        texts.add(textOf(eventsOf(await again.text())));
        expect(await saidIn(url, 'shared')).toEqual([said.message]);
      }
      expect(texts.size).toBe(1);
      expect(callsOf({ simulator }, 'streamGenerateContent')).toBe(2);
    },
  );

  it('is stored once where many come to both at once, and each client gets the one answer in the end', async () => {
    const said = { message: 'Hello #words=20', session_id: 'shared' };
    const untilDone = async (url: string): Promise<string> => {
      for (;;) {
        const events = eventsOf(await received(await say(url, said, KEY)));
        if (events.at(-1)?.event === 'done') return textOf(events);
      }
    };
    const answers = await Promise.all([...nodes, ...nodes, ...nodes].map(({ node }) => untilDone(node.url)));
    expect(new Set(answers).size).toBe(1);
    for (const { node } of nodes) expect(await saidIn(node.url, 'shared')).toEqual([said.message]);
  });
});
