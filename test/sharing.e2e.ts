import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan, type SimulatorOptions } from '../src/simulator/index.js';
import { type Ask, ask as askNode, FORMS, healing, many, metric as seriesOf, MODEL } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

const COALESCE = { COALESCE_ENABLED: 'true' };

async function set(env: Record<string, string>, options: SimulatorOptions = {}): Promise<void> {
  stage = await setStage({ RETRY_BACKOFF_BASE: '20ms', ...env }, options);
}

function broken(...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults: faults.map((fault) => ({ method: '*', fault })) });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

/** Long enough for calls to find each other, on a busy machine too. */
const late = (ms = 1500): void => {
  broken({ kind: 'firstTokenDelay', ms });
};

const ask = (what: Ask = {}): Promise<Response> => askNode(stage.node.url, what);
const metric = (series: string): Promise<number> => seriesOf(stage.node.url, series);
const received = (): number => stage.simulator.journal.counts.received;
const shared = (kind: string): Promise<number> => metric(`l104_shared_answers_total{kind="${kind}"}`);
const inFlight = (calls: number): Promise<void> =>
  expect.poll(() => metric('l104_calls_in_flight'), { timeout: 10_000 }).toBe(calls);

/** What comes of a stream that breaks. */
async function rest(response: Response): Promise<{ text: string; broken: boolean }> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
    return { text, broken: false };
  } catch {
    return { text, broken: true };
  }
}

describe.each(FORMS)('identical calls in flight, %s', (form) => {
  it('are answered by one call to the upstream, each with a head of its own', async () => {
    await set(COALESCE);
    late();
    const responses = await Promise.all(many(20, () => ask({ form, text: 'Hello #words=60' })));
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect(received()).toBe(1);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('simulated');
    expect(responses.map(({ status }) => status)).toEqual(many(20, () => 200));
    expect(responses.filter((response) => healing(response) === 'coalesced')).toHaveLength(19);
    expect(responses.filter((response) => healing(response) === null)).toHaveLength(1);
    expect(new Set(responses.map(({ headers }) => headers.get('x-request-id'))).size).toBe(20);
    for (const { headers } of responses) {
      expect(headers.get('x-l104-model')).toBe(MODEL);
      expect(headers.get('server-timing')).toMatch(
        /^node;dur=[\d.]+, queue;dur=[\d.]+, upstream;dur=[\d.]+, attempts;desc="1"$/,
      );
    }
    const metrics = (await (await fetch(`${stage.node.url}/metrics`)).json()) as Record<string, unknown>;
    expect(metrics).toMatchObject({ requests_total: 20, requests_success: 20, api_calls: 1 });
    expect(metrics['model_usage']).toEqual({ [MODEL]: 1 });
    expect(await shared('coalesced')).toBe(19);
    stage.simulator.faults.clear();
    // The answer is over: who asks now asks anew, and nothing of it is held any more.
    expect(healing(await ask({ form, text: 'Hello #words=60' }))).toBeNull();
    expect(received()).toBe(2);
    expect(await metric('l104_shared_answers_memory_bytes')).toBe(0);
    expect(await metric('l104_body_memory_bytes')).toBe(0);
  });

  it('are asked one by one unless it is switched on', async () => {
    await set({});
    late(500);
    const responses = await Promise.all(many(5, () => ask({ form })));
    expect(responses.map(healing)).toEqual(many(5, () => null));
    expect(received()).toBe(5);
  });

  it('all get the error of the one call, without attempts of their own', async () => {
    await set({ ...COALESCE, MAX_RETRY_ATTEMPTS: '2' });
    broken({ kind: 'latency', ms: 1000 }, { kind: 'error', status: 'UNAVAILABLE', message: 'the one trouble' });
    const responses = await Promise.all(many(10, () => ask({ form })));
    expect(responses.map(({ status }) => status)).toEqual(many(10, () => 503));
    for (const response of responses) expect(await response.text()).toContain('the one trouble');
    expect(received()).toBe(2);
    expect(new Set(responses.map(({ headers }) => headers.get('x-request-id'))).size).toBe(10);
    expect(await shared('coalesced')).toBe(0);
  });
});

describe('clients that leave', () => {
  it('leave the answer to those who stay, the first asker too', async () => {
    await set(COALESCE, { wordDelayMs: 10 });
    const leaving = new AbortController();
    const first = await ask({ text: 'Hello #words=200', signal: leaving.signal });
    await first.body!.getReader().read();
    const others = await Promise.all(many(3, () => ask({ text: 'Hello #words=200' })));
    leaving.abort();
    const texts = await Promise.all(others.map((response) => response.text()));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('"finishReason":"STOP"');
    expect(received()).toBe(1);
    expect(stage.simulator.journal.records[0]?.outcome).toBe('completed');
    expect(await metric('l104_requests_total{route="gemini",status="499"}')).toBe(1);
  });

  it('before a word is said, leave it too, and further attempts are made for those who stay', async () => {
    await set(COALESCE);
    const { plan } = parseFaultPlan({
      faults: [
        { method: '*', times: 1, fault: { kind: 'latency', ms: 1500 } },
        { method: '*', times: 1, fault: { kind: 'error', status: 'UNAVAILABLE' } },
      ],
    });
    stage.simulator.faults.set(plan!);
    const leaving = new AbortController();
    const first = ask({ signal: leaving.signal }).catch(() => 'left');
    await expect.poll(received, { timeout: 10_000 }).toBe(1);
    const second = ask();
    await inFlight(2);
    leaving.abort();
    expect(await first).toBe('left');
    const response = await second;
    expect([response.status, healing(response)]).toEqual([200, 'retry, coalesced']);
    expect(received()).toBe(2);
    expect(await metric('l104_body_memory_bytes')).toBe(0);
  });

  it('take the call to the upstream with them when they are the last', async () => {
    await set(COALESCE);
    late(20_000);
    const leaving = many(3, () => new AbortController());
    const calls = Promise.allSettled(leaving.map(({ signal }) => ask({ signal })));
    await inFlight(3);
    leaving[0]!.abort();
    leaving[1]!.abort();
    await inFlight(1);
    expect(stage.simulator.journal.open).toBe(1);
    leaving[2]!.abort();
    await calls;
    await expect.poll(() => stage.simulator.journal.records[0]?.outcome).toBe('client_aborted');
    expect(received()).toBe(1);
    expect(await metric('l104_body_memory_bytes')).toBe(0);
    // Nobody joins what was given up.
    stage.simulator.faults.clear();
    expect(healing(await ask())).toBeNull();
  });

  it('may run out of time while others have some left', async () => {
    await set(COALESCE);
    late(2500);
    const hurried = ask({ headers: { 'x-l104-deadline-ms': '800' } });
    await expect.poll(received, { timeout: 10_000 }).toBe(1);
    const patient = ask();
    expect((await hurried).status).toBe(504);
    const response = await patient;
    expect([response.status, healing(response)]).toEqual([200, 'coalesced']);
    expect(received()).toBe(1);
  });
});

it('a call that joins late gets the answer from its first byte', async () => {
  await set(COALESCE, { wordDelayMs: 10 });
  const first = await ask({ text: 'Hello #words=150' });
  const reader = first.body!.getReader();
  let text = '';
  const decoder = new TextDecoder();
  while (text.length < 2000) text += decoder.decode((await reader.read()).value as Uint8Array, { stream: true });
  const second = await ask({ text: 'Hello #words=150' });
  expect(healing(second)).toBe('coalesced');
  for (let read = await reader.read(); !read.done; read = await reader.read())
    text += decoder.decode(read.value as Uint8Array);
  expect(await second.text()).toBe(text);
  expect(received()).toBe(1);
});

it('a stream that breaks breaks for all, behind what was said and an error event', async () => {
  await set({ ...COALESCE, RESUME_ENABLED: 'false' }, { wordDelayMs: 10 });
  broken({ kind: 'firstTokenDelay', ms: 1500 }, { kind: 'reset', afterEvents: 5 });
  const responses = await Promise.all(many(5, () => ask({ text: 'Hello #words=100' })));
  const rests = await Promise.all(responses.map(rest));
  for (const { text, broken: cut } of rests) {
    expect(cut).toBe(true);
    expect(text.match(/"candidates"/g)).toHaveLength(5);
    expect(text).toContain('STREAM_INCOMPLETE');
  }
  expect(received()).toBe(1);
  const ids = rests.map(({ text }) => /"request_id":"([^"]+)"/.exec(text)?.[1]);
  expect([...ids].sort()).toEqual(responses.map(({ headers }) => headers.get('x-request-id')).sort());
});
