import { afterEach, describe, expect, it } from 'vitest';
import { MODEL, metric } from './support/asking.js';
import { type Heard, PLAIN, Resuming, type StreamAsk } from './support/resuming.js';

const CUT = { kind: 'cut', afterEvents: 6 };

let on: Resuming | undefined;
afterEach(async () => {
  await on?.stage.close();
  on = undefined;
});

async function set(env: Record<string, string> = {}): Promise<Resuming> {
  on = await Resuming.set({ CIRCUIT_BREAKER_THRESHOLD: '1000', ...env });
  return on;
}

/** A stream that was given up: what was said stands, and nobody can take it for the whole. */
function expectHonest(got: Heard, text: string): void {
  expect(got).toMatchObject({ status: 200, broken: true, finish: undefined });
  expect(got.error).toBeDefined();
  expect(got.text.length).toBeGreaterThan(0);
  expect(text.startsWith(got.text)).toBe(true);
  expect(got.text.length).toBeLessThan(text.length);
}

describe.each([...PLAIN, 'answer' as const])('%s: a broken stream fails honestly', (form) => {
  it.each<[string, Record<string, string>, number, Record<string, string>]>([
    ['when the client wants none other', {}, 1, { 'x-l104-resume': 'off' }],
    ['when it is switched off', { RESUME_ENABLED: 'false' }, 1, {}],
    ['when the budget is used up', { RETRY_BUDGET_FLOOR: '0', RETRY_BUDGET_SHARE: '0' }, 1, {}],
    ['after so many attempts', { RESUME_ATTEMPTS: '2' }, 3, {}],
  ])('%s', async (_name, env, attempts, headers) => {
    const node = await set(env);
    const ask = { form, text: 'Hello #words=200', headers };
    const text = await node.undisturbed(ask);
    node.fault({ fault: CUT });
    expectHonest(await node.hear(ask), text);
    expect(node.asked).toHaveLength(attempts);
    expect(node.stage.log.filter(({ event }) => event === 'stream_failed').length).toBe(1);
  });
});

it('a target that brings the answer forward is asked again until the whole is there', async () => {
  const node = await set();
  const ask = { text: 'Hello #words=400' };
  const text = await node.undisturbed(ask);
  node.fault({ times: 5, fault: CUT });
  expect(await node.hear(ask)).toMatchObject({ text, broken: false });
  expect(node.asked).toHaveLength(6);
});

it('a stream that falls silent is gone on with where nobody else can be asked', async () => {
  const node = await set({ STREAM_IDLE_TIMEOUT_MS: '300ms' });
  const text = await node.undisturbed();
  node.fault({ times: 1, fault: { kind: 'stall', afterEvents: 6 } });
  expect(await node.hear()).toMatchObject({ text, broken: false });
});

it('one that falls silent again and again is given up after the second time', async () => {
  const node = await set({ STREAM_IDLE_TIMEOUT_MS: '300ms' });
  const ask = { text: 'Hello #words=150' };
  const text = await node.undisturbed(ask);
  node.fault({ fault: { kind: 'stall', afterEvents: 6 } });
  expectHonest(await node.hear(ask), text);
  expect(node.asked).toHaveLength(2);
});

const TOOLS = [{ functionDeclarations: [{ name: 'look_up', parameters: { type: 'OBJECT', properties: {} } }] }];
const CHAT_TOOLS = [
  { type: 'function', function: { name: 'look_up', parameters: { type: 'object', properties: {} } } },
];

describe('never gone on with is an answer', () => {
  const NEVER: readonly (readonly [string, StreamAsk, object])[] = [
    ['of several candidates', { more: { generationConfig: { candidateCount: 2 } } }, CUT],
    ['of several choices', { form: 'openai', more: { n: 2 } }, CUT],
    ['with log probabilities', { more: { generationConfig: { responseLogprobs: true } } }, CUT],
    ['with log probabilities of choices', { form: 'openai', more: { logprobs: true } }, CUT],
    ['that may hold images', { more: { generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } } }, CUT],
    ['that called a function', { text: 'Hello #call #thoughts', more: { tools: TOOLS } }, { kind: 'missingFinish' }],
    [
      'that called a function on the OpenAI surface',
      { form: 'openai', text: 'Hello #call', more: { tools: CHAT_TOOLS } },
      { kind: 'missingFinish' },
    ],
  ];
  it.each(NEVER)('%s', async (_name, ask, fault) => {
    const node = await set();
    node.fault({ fault });
    const got = await node.hear(ask);
    expect(got.broken).toBe(true);
    expect(got.error).toBeDefined();
    expect(node.asked).toHaveLength(1);
  });

  it.each(PLAIN)('that a provider withholds (%s)', async (form) => {
    const node = await set();
    node.fault({ times: 1, fault: CUT });
    const got = await node.hear({ form, text: 'Hello #words=80 #safety' });
    expect(got).toMatchObject({ broken: false, error: undefined });
    expect(got.finish).toMatch(/SAFETY/);
    expect(node.asked).toHaveLength(2);
  });
});

it('a client that leaves while the answer is gone on with ends it all', async () => {
  const node = await set();
  node.fault({ times: 1, fault: CUT }, { skip: 1, fault: { kind: 'silence' } });
  const leaving = new AbortController();
  const response = await node.send({ signal: leaving.signal });
  await response.body!.getReader().read();
  await expect.poll(() => node.asked.length).toBe(2);
  leaving.abort();
  await expect.poll(() => node.stage.simulator.journal.open).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(node.asked).toHaveLength(2);
  expect(node.stage.simulator.journal.counts.clientAborted).toBe(1);
});

it('the deadline holds while the answer is gone on with', async () => {
  const node = await set();
  const text = await node.undisturbed();
  node.fault({ times: 1, fault: CUT }, { skip: 1, fault: { kind: 'silence' } });
  const got = await node.hear({ headers: { 'x-l104-deadline-ms': '800' } });
  expectHonest(got, text);
  expect(JSON.stringify(got.error)).toContain('DEADLINE_EXCEEDED');
  expect(node.asked).toHaveLength(2);
});

it('another wording is not joined on', async () => {
  const node = await set();
  const text = await node.undisturbed();
  node.fault({ times: 1, fault: CUT }, { fault: { kind: 'prefillStyle', style: 'unrelated' } });
  const got = await node.hear();
  // It is asked anew, and the same model words it the same way.
  expect(got).toMatchObject({ text, broken: false });
  expect(got.marks).toMatchObject([{ resume: 'replay' }]);
  const counted = (kind: string, result: string): Promise<number> =>
    metric(node.stage.node.url, `l104_resumed_streams_total{kind="${kind}",result="${result}"}`);
  expect(await counted('prefill', 'failed')).toBe(1);
  expect(await counted('replay', 'joined')).toBe(1);
  expect(await counted('continuation', 'joined')).toBe(0);
});

it('the tokens of what broke are counted', async () => {
  const node = await set({ RESUME_ENABLED: 'false' });
  node.fault({ fault: CUT });
  await node.hear();
  expect(await metric(node.stage.node.url, `l104_tokens_total{type="output",model="${MODEL}"}`)).toBeGreaterThan(0);
});

it('a circuit that opens on broken streams says how they broke, not the status they began with', async () => {
  const node = await set({ CIRCUIT_BREAKER_THRESHOLD: '1', RESUME_ENABLED: 'false' });
  node.fault({ fault: CUT });
  await node.hear({ form: PLAIN[0], text: 'Hello #words=200' });
  const opened = node.stage.log.find(({ event }) => event === 'circuit_breaker_open');
  expect(opened).toBeDefined();
  expect(opened?.['cause']).not.toContain('status');
});
