import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { type Ask, ask as askNode, healing, many, MODEL } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

const COALESCE = { COALESCE_ENABLED: 'true' };

/** Every call is answered so late that others in the same test find it in flight, on a busy machine too. */
async function set(env: Record<string, string>): Promise<void> {
  stage = await setStage(env);
  const { plan } = parseFaultPlan({ faults: [{ method: '*', fault: { kind: 'latency', ms: 1500 } }] });
  stage.simulator.faults.set(plan!);
}

const ask = (what: Ask = {}): Promise<Response> => askNode(stage.node.url, what);
const received = (): number => stage.simulator.journal.counts.received;

describe('what is not the same', () => {
  it('is asked apart: another client, text, form, model option or header of meaning', async () => {
    await set(COALESCE);
    const different: Ask[] = [
      {},
      { text: 'Hello!' },
      { form: 'gemini' },
      { form: 'openai' },
      { headers: { authorization: 'Bearer another' } },
      { headers: { 'x-l104-fallback': 'off' } },
      { headers: { 'x-goog-fieldmask': 'candidates' } },
      { headers: { 'x-l104-cache': 'off' } },
      { headers: { 'x-l104-cache': 'off' } },
    ];
    const responses = await Promise.all(different.map(ask));
    expect(responses.map(healing)).toEqual(different.map(() => null));
    expect(received()).toBe(different.length);
  });

  it('is not who sends it or how it is traced', async () => {
    await set(COALESCE);
    await Promise.all([
      ask({ headers: { 'user-agent': 'one', 'x-goog-api-client': 'genai/1', 'x-request-id': 'r1' } }),
      ask({ headers: { 'user-agent': 'two', 'x-stainless-retry-count': '1', tracestate: 'a=b' } }),
    ]);
    expect(received()).toBe(1);
  });

  it('is a client by its client key, wherever it puts it, and never by another’s', async () => {
    await set({ ...COALESCE, CLIENT_API_KEYS: 'client-one,client-two', GEMINI_API_KEY: 'gemini-key-01' });
    const responses = await Promise.all([
      ask({ headers: { authorization: 'Bearer client-one' } }),
      ask({ headers: { authorization: '', 'x-goog-api-key': 'client-one' } }),
      ask({ headers: { authorization: 'Bearer client-two' } }),
      ask({ headers: { authorization: 'Bearer stranger' } }),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 401]);
    expect(received()).toBe(2);
    expect(healing(responses[2])).toBeNull();
  });

  it('is nobody where the node is open with a key of its own', async () => {
    await set({ ...COALESCE, GEMINI_API_KEY: 'gemini-key-01' });
    await Promise.all(['one', 'two'].map((key) => ask({ headers: { authorization: `Bearer ${key}` } })));
    expect(received()).toBe(1);
  });

  it('is a call that may make something', async () => {
    await set(COALESCE);
    const post = (verb: string): Promise<Response> =>
      fetch(`${stage.node.url}/v1beta/models/${MODEL}:${verb}`, {
        method: 'POST',
        headers: { 'x-goog-api-key': 'k', 'content-type': 'application/json' },
        body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
      });
    await Promise.all(many(3, () => post('countTokens')));
    expect(received()).toBe(1);
    await Promise.all(many(3, () => post('inventedMethod')));
    expect(received()).toBe(4);
  });
});
