import { afterEach, describe, expect, it } from 'vitest';
import { setStage, type Stage } from './support/boot.js';
import { ask } from './support/asking.js';

interface Overview {
  node: { name: string; version: string; processes: number };
  vitals: { name: string; value: number | null; limit: number | null; level: string; at: string }[];
  limits: {
    models: { name: string; limit: number; in_flight: number }[];
    retry_budget: { used: number; allowed: number };
  };
  streams: { open: number };
  keys: { id: string; state: string; rests: { model: string; kind: string; remaining_seconds: number }[] }[];
  store: { state: string; pending_writes: number };
}
interface Circuit {
  name: string;
  state: string;
  last_success_at: string | null;
  p95_ms: number | null;
  calls_per_minute: number;
  hours: ({ calls: number; failures: number; refusals: number; out_seconds: number } | null)[];
}

let stage: Stage;
afterEach(() => stage.close());

const get = async <T>(path: string): Promise<T> => (await (await fetch(stage.node.url + path)).json()) as T;
const overview = (): Promise<Overview> => get('/self/overview');
const circuits = async (): Promise<Circuit[]> => (await get<{ circuits: Circuit[] }>('/self/circuits')).circuits;
const call = async (): Promise<number> => (await ask(stage.node.url, { form: 'gemini' })).status;

describe('GET /self/overview', () => {
  it('tells which node it is, its vitals with limits, its limits with their use, and its store', async () => {
    stage = await setStage({ NODE_NAME: 'prod-1' });
    expect(await call()).toBe(200);
    const told = await overview();
    expect(told.node).toMatchObject({ name: 'prod-1', processes: 1 });
    const heap = told.vitals.find(({ name }) => name === 'heap');
    expect(heap?.value).toBeGreaterThan(1_000_000);
    expect(heap?.limit).toBeGreaterThan(heap?.value ?? Infinity);
    expect(told.vitals.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['event_loop_delay', 'resident_memory', 'disk_free', 'file_descriptors']),
    );
    expect(told.limits.models[0]).toMatchObject({ in_flight: 0 });
    expect(told.limits.models[0]?.limit).toBeGreaterThan(0);
    expect(told.limits.retry_budget.allowed).toBeGreaterThan(0);
    expect(told.streams).toEqual({ open: 0 });
    await expect.poll(async () => (await overview()).store.state).toBe('ready');
  });

  it('tells of each key whether it rests, for which model and how long, and never the key', async () => {
    stage = await setStage(
      { GEMINI_API_KEY: 'first-secret-key,second-secret-key', MAX_RETRY_ATTEMPTS: '3' },
      { quota: { perMinute: 1 } },
    );
    for (let n = 0; n < 3; n++) await call();
    const text = await (await fetch(`${stage.node.url}/self/overview`)).text();
    expect(text).not.toContain('secret-key');
    const { keys } = JSON.parse(text) as Overview;
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatchObject({ state: 'resting', rests: [{ kind: 'per_minute' }] });
    expect(keys[0]?.rests[0]?.remaining_seconds).toBeGreaterThan(0);
    const told = await circuits();
    expect(told.some(({ hours }) => (hours.at(-1)?.refusals ?? 0) > 0)).toBe(true);
    expect(told.every(({ hours }) => hours.at(-1)?.failures === 0)).toBe(true);
  });
});

describe('GET /self/circuits', () => {
  it('tells when a target last answered, how fast, how often it is called, and how its day was', async () => {
    stage = await setStage({ MAX_RETRY_ATTEMPTS: '1' });
    expect(await call()).toBe(200);
    const [well] = await circuits();
    expect(Date.parse(well?.last_success_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(well?.p95_ms).toBeGreaterThan(0);
    stage.simulator.faults.preset('outage', 60_000);
    for (let n = 0; n < 6; n++) await call();
    const [ill] = await circuits();
    expect(ill).toMatchObject({ state: 'open', last_success_at: well?.last_success_at, calls_per_minute: 6 });
    expect(ill?.hours).toHaveLength(24);
    const known = ill?.hours.filter((hour) => hour !== null) ?? [];
    expect(known.reduce((sum, { failures }) => sum + failures, 0)).toBe(5);
    expect(ill?.hours[0]).toBeNull();
  });

  it('counts the time for which an operator holds a target back as out of use', async () => {
    stage = await setStage({ MAX_RETRY_ATTEMPTS: '1' });
    await call();
    const [{ name } = { name: '' }] = await circuits();
    await fetch(`${stage.node.url}/self/circuits/${encodeURIComponent(name)}/isolate`, { method: 'POST' });
    await expect
      .poll(async () => (await circuits())[0]?.hours.at(-1)?.out_seconds, { timeout: 5000 })
      .toBeGreaterThanOrEqual(1);
  });
});
