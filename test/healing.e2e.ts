import { afterEach, describe, expect, it } from 'vitest';
import { HealService, Journal } from '../src/heal/index.js';
import { Watchdog } from '../src/watchdog/index.js';
import { ask } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

const QUICK = { MAX_RETRY_ATTEMPTS: '1', WATCHDOG_INTERVAL: '1s' };

async function start(env: Record<string, string> = {}): Promise<Stage> {
  stage = await setStage({ ...QUICK, ...env });
  await expect.poll(async () => (await fetch(`${stage!.node.url}/health/ready`)).status).toBe(200);
  return stage;
}

const get = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(stage!.node.url + path)).json()) as Record<string, unknown>;

function post(path: string, body?: unknown): Promise<Response> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return fetch(stage!.node.url + path, { method: 'POST', ...(body === undefined ? {} : json) });
}

async function call(): Promise<number> {
  const response = await ask(stage!.node.url, {});
  await response.arrayBuffer();
  return response.status;
}

const entries = (kind: string) =>
  stage!.node.app
    .get(Journal)
    .since(0)
    .entries.filter((entry) => entry.kind === kind)
    .map(({ body }) => body);

describe('a heal by hand', () => {
  it('on a healthy node answers the four of old, says that nothing was wrong, and is in the journal', async () => {
    await start({ NODE_NAME: 'test-1' });
    const response = await post('/self/heal');
    expect(response.status).toBe(200);
    const run = (await response.json()) as Record<string, unknown>;
    expect(run).toMatchObject({ status: 'OK', by: 'admin', cause: null, verdict: 'no_fault', before: [], after: [] });
    expect([...(run['actions'] as string[])].sort()).toEqual([
      'circuit_breaker_reset',
      'memory_checked',
      'model_errors_cleared',
      'rate_limits_cleared',
    ]);
    expect(entries('heal_run')).toEqual([{ ...run, node: 'test-1' }]);
  });

  it('takes options as query or JSON, and says what is wrong with one that it does not know', async () => {
    await start();
    const some = await post('/self/heal?check_memory=false', { reset_http_client: true, clear_model_errors: false });
    expect(await some.json()).toMatchObject({
      actions: expect.arrayContaining(['rate_limits_cleared', 'circuit_breaker_reset', 'http_client_reset']) as unknown,
    });
    const unknown = await post('/self/heal', { reset_http_clients: true });
    expect([unknown.status, ((await unknown.json()) as { detail: string }).detail]).toEqual([
      400,
      'There is no option reset_http_clients. Did you mean reset_http_client?',
    ]);
    expect((await post('/self/heal', { check_memory: 'maybe' })).status).toBe(400);
  });

  it('shows its plan with reasons, and does nothing', async () => {
    await start();
    const plan = await get('/self/heal/plan?reset_circuit_breaker=false');
    expect(plan['steps']).toContainEqual(expect.objectContaining({ name: 'memory_checked', runs: true }));
    expect(plan['left_out']).toContainEqual(
      expect.objectContaining({ name: 'circuit_breaker_reset', reason: 'reset_circuit_breaker=false' }),
    );
    expect(plan['left_out']).toContainEqual(
      expect.objectContaining({ name: 'process_left', reason: 'only the watchdog takes it' }),
    );
    expect(entries('heal_run')).toEqual([]);
  });

  it('closes circuits while the upstream is down, and says so', async () => {
    const { simulator } = await start({ CIRCUIT_BREAKER_THRESHOLD: '3' });
    simulator.faults.preset('outage', 60_000);
    for (let index = 0; index < 6; index++) await call();
    const run = (await (await post('/self/heal')).json()) as { steps: { name: string; detail?: string }[] };
    expect(run).toMatchObject({ status: 'OK', cause: 'upstream_outage', verdict: 'not_cured' });
    const reset = run.steps.find(({ name }) => name === 'circuit_breaker_reset');
    expect(reset).toMatchObject({ before: { open: 1 }, after: { open: 0 } });
    expect(reset?.detail).toContain('will open again');
  });

  it('is one run for all who ask at the same time', async () => {
    await start();
    const answers = await Promise.all([post('/self/heal'), post('/self/heal'), post('/self/heal')]);
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { run_id: string }).run_id));
    expect(new Set(ids).size).toBe(1);
    expect(entries('heal_run')).toHaveLength(1);
  });
});

describe('the watchdog', () => {
  it('slams no circuit shut on an upstream that is down, says why once, and names it in the diagnosis', async () => {
    const { simulator, log } = await start({ CIRCUIT_BREAKER_THRESHOLD: '3', WATCHDOG_FAILURE_THRESHOLD: '1' });
    simulator.faults.preset('outage', 60_000);
    for (let index = 0; index < 12; index++) await call();
    await expect.poll(() => entries('heal_declined'), { timeout: 8000 }).toHaveLength(1);
    expect(entries('heal_declined')[0]).toMatchObject({ cause: 'upstream_outage' });
    const { circuits } = (await get('/self/circuits')) as { circuits: { state: string }[] };
    expect(circuits.map(({ state }) => state)).toEqual(['open']);
    const diagnosis = (await get('/self/diagnosis')) as { conditions: Record<string, unknown>[] };
    expect(diagnosis.conditions[0]).toMatchObject({
      cause: 'upstream_outage',
      would: { action: 'none', levels: [], why: expect.stringContaining('no reset cures') as unknown },
    });
    const looks = () => log.filter(({ event, state }) => event === 'watchdog_warn' && state !== undefined).length;
    await expect.poll(looks, { timeout: 10_000 }).toBeGreaterThan(3);
    expect([entries('heal_declined').length, entries('heal_run').length]).toEqual([1, 0]);
  });

  it('heals errors of the node itself at the fifth, one level after the other, and says whether it helped', async () => {
    await start();
    const { RequestEvents } = await import('../src/platform/request-events.js');
    const events = stage!.node.app.get(RequestEvents);
    const finish = (status: number, code?: string): void => {
      events.finished.publish({ route: 'memory', method: 'GET', status, broken: false, durationMs: 1, code });
    };
    for (let index = 0; index < 5; index++) finish(500, 'INTERNAL');
    await expect.poll(() => entries('heal_run').length, { timeout: 8000 }).toBe(1);
    expect(entries('heal_run')[0]).toMatchObject({ by: 'request_errors', cause: 'internal_fault', level: 'light' });
    // What it did is no cure as long as no request has shown it.
    for (let index = 0; index < 5; index++) finish(500, 'INTERNAL');
    await expect.poll(() => entries('heal_run').length, { timeout: 8000 }).toBe(2);
    expect(entries('heal_run')).toMatchObject([{ verdict: 'not_cured' }, { level: 'medium' }]);
    finish(200);
    await expect.poll(() => entries('heal_run')[1]?.['verdict'], { timeout: 8000 }).toBe('cured');
    expect(entries('heal_verdict').map(({ verdict }) => verdict)).toEqual(['not_cured', 'cured']);
    const metrics = (await get('/metrics')) as { auto_heals: number };
    expect(metrics.auto_heals).toBe(2);
  });

  it('looks at once for an alarm, also while it waits to see whether a heal has helped', async () => {
    await start({ WATCHDOG_INTERVAL: '10m' });
    const watchdog = stage!.node.app.get(Watchdog);
    await watchdog.look();
    stage!.node.app.get(HealService).record({
      by: 'http_client',
      level: 'medium',
      cause: 'connection_fault',
      reason: 'Connections failed.',
      evidence: {},
      step: { name: 'http_client_reset', level: 'medium', result: 'ok', duration_ms: 0, before: {}, after: {} },
    });
    await expect.poll(() => watchdog.sinceLastLook, { timeout: 3000, interval: 50 }).toBeGreaterThan(1100);
    watchdog.nudge();
    await expect.poll(() => watchdog.sinceLastLook, { timeout: 3000, interval: 50 }).toBeLessThan(1100);
    // The verdict comes after its time all the same.
    await expect.poll(() => entries('heal_verdict').length, { timeout: 15_000 }).toBe(1);
  });

  it('leaves everything alone when healing by itself is off, and still says what is wrong', async () => {
    const { simulator } = await start({ AUTO_HEAL_ENABLED: 'false', WATCHDOG_FAILURE_THRESHOLD: '1' });
    simulator.faults.preset('outage', 60_000);
    for (let index = 0; index < 12; index++) await call();
    const warnings = () => stage!.log.filter(({ event }) => event === 'watchdog_warn').length;
    await expect.poll(warnings, { timeout: 10_000 }).toBeGreaterThan(1);
    expect([entries('heal_run'), entries('heal_declined')]).toEqual([[], []]);
    expect(((await get('/metrics')) as { self_healing: unknown }).self_healing).toMatchObject({
      auto_heal_enabled: false,
    });
  });
});
