import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { setStage, type Stage } from './support/boot.js';
import { callsOf, saidIn, say } from './support/conversing.js';

interface Asked {
  contents: { role: string; parts: { text: string }[] }[];
}

/** What the simulated model reads; 500 of it are left for the answer. */
const WINDOW = 2000;
const ROOM = WINDOW - 500;
const small = { inputTokenLimit: WINDOW, outputTokenLimit: 500 };
const bodies: Asked[] = [];
let stage: Stage;
let url: string;
const start = (env: Record<string, string> = {}): Promise<Stage> =>
  setStage(env, {
    models: [
      { name: 'gemini-2.5-flash', ...small },
      { name: 'gemini-2.5-pro', ...small },
      { name: 'gemini-2.0-flash', ...small },
    ],
    onRequest: ({ method }, body) => {
      if (method === 'streamGenerateContent') bodies.push(JSON.parse(body.toString()) as Asked);
    },
  });
beforeAll(async () => {
  stage = await start({ SESSION_WINDOW_TOKENS: '1024' });
  url = stage.node.url;
});
afterEach(() => {
  stage.simulator.faults.clear();
});
afterAll(() => stage.close());

const lookUps = (): number => callsOf(stage, 'getModel') + callsOf(stage, 'countTokens');
const charsOf = ({ contents }: Asked): number =>
  contents.reduce((sum, { parts }) => sum + parts.reduce((chars, { text }) => chars + text.length, 0), 0);
const messages = ({ contents }: Asked): string[] =>
  contents.filter(({ role }) => role === 'user').map(({ parts }) => parts[0]!.text);
const failing = (...method: string[]): void => {
  const faults = [{ fault: { kind: 'error', status: 'INTERNAL' }, method }];
  stage.simulator.faults.set(parseFaultPlan({ faults }).plan!);
};
/** A message of some hundred characters. */
const long = (n: number): string => `message ${n} #words=50 ${'some more words to say '.repeat(20)}`;
async function talk(session_id: string, turns: number, model_hint = ''): Promise<void> {
  for (let n = 0; n < turns; n++) {
    const response = await say(url, { message: long(n), session_id, model_hint });
    expect(await response.text()).toContain('event: done');
  }
}

describe('the history of a session', () => {
  it('goes along whole, and nothing is looked up, while the conversation is short', async () => {
    await (await say(url, { message: `Hello ${'x'.repeat(50_000 / 10)}` })).text();
    for (const message of ['one', 'two', 'three'])
      await (await say(url, { message: `${message} #words=5`, session_id: 'short' })).text();
    expect(lookUps()).toBe(0);
    expect(messages(bodies.at(-1)!)).toEqual(['one #words=5', 'two #words=5', 'three #words=5']);
  });

  it('is cut to the newest turns that fit into the model’s window, and no shorter', async () => {
    bodies.length = 0;
    await talk('cut', 20);
    expect(await saidIn(url, 'cut')).toHaveLength(20);
    expect(callsOf(stage, 'getModel')).toBe(1);
    for (const [n, body] of bodies.entries()) {
      expect(Math.ceil(charsOf(body) / 4)).toBeLessThanOrEqual(ROOM);
      // The newest in their order, and as many as there is room for: a turn has about 200 tokens.
      const kept = messages(body);
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => long(n - kept.length + 1 + at)));
      if (kept.length < n + 1) expect(Math.ceil(charsOf(body) / 4)).toBeGreaterThan(ROOM - 260);
    }
    expect(messages(bodies.at(-1)!).length).toBeLessThan(15);
    expect(callsOf(stage, 'countTokens')).toBeGreaterThan(0);
    expect(callsOf(stage, 'countTokens')).toBeLessThanOrEqual(3 * 20);
  });

  it('is cut by a cautious estimate where nobody counts, and to a default where nobody knows the window', async () => {
    await talk('default', 6, 'gemini-2.5-pro');
    failing('countTokens');
    bodies.length = 0;
    await talk('default', 1, 'gemini-2.5-pro');
    const counted = charsOf(bodies[0]!) / 4;
    expect(counted).toBeLessThanOrEqual(ROOM);
    expect(counted).toBeGreaterThan(ROOM / 3);
    failing('countTokens', 'getModel');
    bodies.length = 0;
    await talk('default', 1, 'gemini-2.0-flash');
    expect(charsOf(bodies[0]!) / 4).toBeLessThanOrEqual(1024);
    expect(messages(bodies[0]!).length).toBeGreaterThan(1);
  });

  it('leaves it to Gemini to say that a message alone is too long', async () => {
    await talk('huge', 2);
    bodies.length = 0;
    const response = await say(
      url,
      { message: 'word '.repeat(2500), session_id: 'huge' },
      { 'x-l104-fallback': 'off' },
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('exceeds the maximum number of tokens');
    expect(bodies.map((body) => messages(body).length)).toEqual([1]);
  });
});

describe('a conversation that the model still finds too long', () => {
  it('is sent once more with half of its history, to the same model', async () => {
    const other = await start({ SESSION_WINDOW_TOKENS: '100000' });
    try {
      for (let n = 0; n < 12; n++) {
        bodies.length = 0;
        const response = await say(other.node.url, { message: long(n), session_id: 'half' });
        expect(await response.text()).toContain('event: done');
        if (bodies.length > 1) break;
      }
      const [first, second, ...more] = bodies;
      expect(more).toEqual([]);
      expect(charsOf(first!) / 4).toBeGreaterThan(WINDOW);
      const all = messages(first!);
      expect(messages(second!)).toEqual(all.slice(Math.ceil((all.length - 1) / 2)));
      expect(other.simulator.journal.records.at(-1)).toMatchObject({ model: 'gemini-2.5-flash', status: 200 });
      expect(callsOf(other, 'getModel') + callsOf(other, 'countTokens')).toBe(0);
    } finally {
      await other.close();
    }
  });
});
