import { afterEach, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { ask, MODEL } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

interface Shown {
  readonly name: string;
  readonly severity: string;
  readonly reason: string;
}

async function conditions(): Promise<Shown[]> {
  const { conditions: shown } = (await (await fetch(`${stage.node.url}/health`)).json()) as { conditions: Shown[] };
  return shown.filter(({ name }) => name !== 'memory_store' && name !== 'request_errors');
}

async function call(): Promise<number> {
  const response = await ask(stage.node.url, { form: 'gemini' });
  await response.text();
  return response.status;
}

function broken(fault: object): void {
  const { plan, problems } = parseFaultPlan({ faults: [{ method: '*enerateContent', fault }] });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

it('a key that Gemini refuses is told by its hash, and no key is', async () => {
  stage = await setStage({ GEMINI_API_KEY: 'invalid-key-0001,good-key-0002' });
  for (let i = 0; i < 2; i++) expect(await call()).toBe(200);
  const [shown, ...others] = await conditions();
  expect([shown, others]).toMatchObject([{ name: 'keys', severity: 'degraded' }, []]);
  expect(shown?.reason).toMatch(/^Gemini refuses 1 of 2 keys: [0-9a-f]{8} \(API_KEY_INVALID\)\. Others serve\.$/);
});

it('a quota that every key has used up is told with its end', async () => {
  stage = await setStage({ GEMINI_API_KEY: 'good-key-0001,good-key-0002', MAX_RETRY_ATTEMPTS: '3' });
  broken({ kind: 'error', status: 'RESOURCE_EXHAUSTED', retryDelay: '30s' });
  expect(await call()).toBe(429);
  const [shown] = await conditions();
  expect(shown).toMatchObject({ name: 'quota', severity: 'unhealthy' });
  expect(shown?.reason).toMatch(
    new RegExp(`^Quota used up on 2 of 2 keys\\. All rest for ${MODEL}: callers get 429 until \\d\\d:\\d\\d UTC\\.$`),
  );
});

it('an open circuit and a target that an operator has taken out are conditions, until they are closed again', async () => {
  stage = await setStage({ CIRCUIT_BREAKER_THRESHOLD: '2', MAX_RETRY_ATTEMPTS: '1', AUTO_HEAL_ERROR_THRESHOLD: '100' });
  broken({ kind: 'error', status: 'UNAVAILABLE' });
  for (let i = 0; i < 2; i++) await call();
  const [open] = await conditions();
  expect(open?.name).toBe('circuits');
  expect(open?.reason).toMatch(new RegExp(`^${MODEL}@client-[0-9a-f]{8} is failing \\(status 503\\)\\.$`));
  const name = encodeURIComponent(open!.reason.split(' ')[0]!);
  const hand = (what: string, body: object = {}): Promise<Response> =>
    fetch(`${stage.node.url}/self/circuits/${name}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await hand('isolate', { reason: 'bad answers' });
  const [held] = await conditions();
  expect(held).toMatchObject({ name: 'isolated_targets', severity: 'degraded' });
  expect(held?.reason).toMatch(/taken out by an operator at \d\d:\d\d UTC: “bad answers”\.$/);
  await hand('release');
  await hand('reset');
  expect(await conditions()).toEqual([]);
});
