import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RequestRecord } from '../../src/simulator/index.js';
import { type Stage, setStage } from '../support/boot.js';
import { comparable } from './comparable.js';
import { CLIENTS } from './drivers/all-drivers.js';
import { type Answer, type Ask } from './drivers/client-driver.js';
import { cameThroughNode, headersForGemini } from './journal-reading.js';

interface Question {
  readonly about: string;
  readonly ask: Ask;
  /** What the answer has to be, beside the same both ways. */
  readonly shows: Partial<Answer> | ((answer: Answer) => void);
}

const containing = (text: string): { text: string } => ({ text: expect.stringContaining(text) as string });
const called = { calls: [{ name: 'get_weather', args: { city: expect.any(String) as string } }] };
const EVERYTHING = 'é ü 漢字 かな العربية עברית 👩‍👩‍👧‍👦 🏳️‍🌈 "quotes" \\ / \u0001 é \ud83d\ude00 <b>&amp;</b>';
/** Without white space it is one event, larger than what arrives at once, so that characters are cut in two on the way. */
const LONG_WORD = '漢字🌊é'.repeat(20_000);

const QUESTIONS: readonly Question[] = [
  { about: 'a plain question', ask: { prompt: 'Tell me about rivers' }, shows: containing('[simulated] ') },
  {
    about: 'a system instruction',
    ask: { prompt: 'Tell me about rivers', system: 'You are a pirate. Be brief.' },
    shows: containing('pirate here.'),
  },
  {
    about: 'many turns',
    ask: { prompt: 'And then?', before: ['One', 'First answer', 'Two', 'Second answer'] },
    shows: containing('This is turn 3'),
  },
  { about: 'a tool', ask: { prompt: 'use get_weather please', tool: true }, shows: called },
  {
    about: 'a tool of a model that signs its calls',
    ask: { prompt: 'use get_weather', tool: true, model: 'gemini-3-pro-preview' },
    shows: called,
  },
  {
    about: 'JSON mode',
    ask: { prompt: 'How is it there?', json: true },
    shows: ({ text }) => {
      expect(JSON.parse(text)).toEqual({
        city: expect.any(String) as string,
        mood: expect.stringMatching(/good|bad/) as string,
      });
    },
  },
  { about: 'thoughts', ask: { prompt: 'Think hard #thoughts' }, shows: containing('[simulated] ') },
  {
    about: 'continuation tokens',
    ask: { prompt: 'A long one #words=120 #hop=50', model: 'gemini-4-argon' },
    shows: containing('[simulated] '),
  },
  {
    about: 'every kind of character',
    ask: { prompt: `${EVERYTHING} #echo` },
    shows: { text: `[simulated] ${EVERYTHING} #echo` },
  },
  {
    about: 'characters cut in two on the way',
    ask: { prompt: `#echo ${LONG_WORD}` },
    shows: { text: `[simulated] #echo ${LONG_WORD}` },
  },
  { about: 'a prompt of a megabyte', ask: { prompt: 'All this: '.repeat(105_000) }, shows: containing('[simulated] ') },
];

/** What Gemini was sent: address, headers, and the body to the last byte. */
function sent(record: RequestRecord): unknown {
  return [record.verb, record.path, headersForGemini(record), record.bodyBytes, record.bodySha256];
}

const CALLS_EACH = 8;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

describe.each(CLIENTS)('$name', (driver) => {
  const direct = () => driver.connect({ url: stage.simulator.url + driver.path.gemini, key: 'good-key' });
  const through = () => driver.connect({ url: stage.node.url + driver.path.node, key: 'good-key' });

  /** Asks the same both ways; the two have to look the same to the user, and to Gemini. */
  async function bothWays(how: 'unary' | 'stream', { ask, shows }: Question): Promise<Answer> {
    stage.simulator.journal.clear();
    const expected = await direct()[how](ask);
    const requests = stage.simulator.journal.records.length;
    const answer = await through()[how](ask);
    if (typeof shows === 'function') shows(answer);
    else expect(answer).toMatchObject(shows);
    expect(comparable(answer)).toEqual(comparable(expected));
    const records = stage.simulator.journal.records;
    const [before, after] = [records.slice(0, requests), records.slice(requests)];
    expect(after.every(cameThroughNode)).toBe(true);
    expect(after.map(sent)).toEqual(before.map(sent));
    return answer;
  }

  it.each(QUESTIONS)('gets the same for $about, in one piece', async (question) => {
    await bothWays('unary', question);
  });

  it.each(QUESTIONS)('gets the same for $about, streamed', async (question) => {
    await bothWays('stream', question);
  });

  it('gets as many pieces as Gemini sends', async () => {
    const { pieces, text } = await bothWays('stream', {
      about: 'a long answer',
      ask: { prompt: 'Long #words=200' },
      shows: { finish: expect.stringMatching(/stop/i) as string, usage: expect.anything() as unknown },
    });
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(20);
    expect(text.split(/\s+/)).toHaveLength(200);
  });

  it.each(['gemini-2.5-flash', 'gemini-3-pro-preview'])('runs a tool of %s to the end', async (model) => {
    const ask: Ask = { prompt: 'ask get_weather', tool: true, model };
    const answer = await through().toolRound(ask, 'sunny, 21 degrees');
    expect(answer.text).toContain('sunny, 21 degrees');
    expect(comparable(answer)).toEqual(comparable(await direct().toolRound(ask, 'sunny, 21 degrees')));
  });
});

describe('all packages at once', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({}, { wordDelayMs: 5 });
  });
  afterAll(() => stage.close());

  it('each gets its own answer, and nothing is left open', async () => {
    const calls = CLIENTS.flatMap((driver) =>
      Array.from({ length: CALLS_EACH }, (_, at) => ({
        driver,
        how: at % 2 === 0 ? ('stream' as const) : ('unary' as const),
        prompt: `#echo ${driver.name} asks for the ${at}th time: ${'and more '.repeat(20 + at)}`,
      })),
    );
    const texts = await Promise.all(
      calls.map(async ({ driver, how, prompt }) => {
        const client = driver.connect({ url: stage.node.url + driver.path.node, key: 'good-key' });
        return (await client[how]({ prompt })).text;
      }),
    );
    expect(texts).toEqual(calls.map(({ prompt }) => `[simulated] ${prompt}`));
    const { journal } = stage.simulator;
    await journal.waitFor(() => journal.open === 0, 2_000);
    expect(journal.counts).toMatchObject({ received: calls.length, completed: calls.length });
    expect(journal.records.every(cameThroughNode)).toBe(true);
  });
});
