import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';
import { callsOf, eventsOf, saidIn, say, textOf } from './support/conversing.js';

let stage: Stage;
let url: string;
beforeAll(async () => {
  stage = await setStage();
  url = stage.node.url;
});
afterEach(() => {
  stage.simulator.faults.clear();
});
afterAll(() => stage.close());

const JSON_FORM = { accept: 'application/json' };
const asked = (): number => callsOf(stage, 'streamGenerateContent');
/** Makes the next answer slow. */
function slow(perEventMs: number): void {
  const faults = [{ fault: { kind: 'slow', perEventMs }, times: 1 }];
  stage.simulator.faults.set(parseFaultPlan({ faults }).plan!);
}
/** Resolves when the upstream has been asked once more than before. */
async function underWay(before: number): Promise<void> {
  await expect.poll(asked).toBe(before + 1);
}

describe('a request with an Idempotency-Key', () => {
  it('is answered again as it was, without a call or a second turn', async () => {
    const said = { message: 'Hello #words=30', session_id: 'again', system: 'Be kind' };
    const first = eventsOf(await (await say(url, said, { 'idempotency-key': 'k-1' })).text());
    const text = textOf(first);
    const before = asked();
    const again = await say(url, said, { 'idempotency-key': '"k-1"' });
    expect([again.status, again.headers.get('x-l104-replayed')]).toEqual([200, 'true']);
    expect(again.headers.get('x-l104-model')).toBe('gemini-2.5-flash');
    const done = first.at(-1)!.data;
    expect(eventsOf(await again.text())).toEqual([
      { event: 'delta', data: { text } },
      { event: 'done', data: { ...done, replayed: true } },
    ]);
    const object = await say(url, said, { 'idempotency-key': 'k-1', ...JSON_FORM });
    expect(object.headers.get('x-l104-replayed')).toBe('true');
    expect(await object.json()).toEqual({ text, ...done, replayed: true });
    expect(asked()).toBe(before);
    expect(await saidIn(url, 'again')).toEqual([said.message]);
  });

  it('is another one in another session, or under another name', async () => {
    const before = asked();
    for (const session_id of ['one', 'two']) {
      for (const key of ['k-1', 'k-2'])
        expect(await (await say(url, { message: 'Hello', session_id }, { 'idempotency-key': key })).text()).toContain(
          'done',
        );
    }
    expect(asked()).toBe(before + 4);
    expect(await saidIn(url, 'two')).toEqual(['Hello', 'Hello']);
  });

  it.each([
    { message: 'Bye' },
    { message: 'Hello', system: 'Be brief' },
    { message: 'Hello', model_hint: 'gemini-2.5-pro' },
  ])('is refused when its name belongs to another: %j', async (other) => {
    const session_id = `other-${JSON.stringify(other).length}`;
    await (await say(url, { message: 'Hello', session_id }, { 'idempotency-key': 'k' })).text();
    const before = asked();
    const refused = await say(url, { ...other, session_id }, { 'idempotency-key': 'k' });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
    expect([asked(), await saidIn(url, session_id)]).toEqual([before, ['Hello']]);
  });

  it('is asked to come back while it is being answered', async () => {
    slow(40);
    const said = { message: 'Hello #words=60', session_id: 'running' };
    const before = asked();
    const first = say(url, said, { 'idempotency-key': 'k' }).then((response) => response.text());
    await underWay(before);
    const second = await say(url, said, { 'idempotency-key': 'k' });
    expect([second.status, Number(second.headers.get('retry-after')) > 0]).toEqual([409, true]);
    expect(await second.json()).toMatchObject({ code: 'CONFLICT' });
    const other = await say(url, { ...said, message: 'Bye' }, { 'idempotency-key': 'k' });
    expect(other.status).toBe(422);
    expect(eventsOf(await first).at(-1)?.event).toBe('done');
    expect((await say(url, said, { 'idempotency-key': 'k' })).headers.get('x-l104-replayed')).toBe('true');
    expect([asked(), await saidIn(url, 'running')]).toEqual([before + 1, [said.message]]);
  });

  it('is asked anew when the client left in mid-answer, and stored once', async () => {
    slow(40);
    const said = { message: 'Hello #words=200', session_id: 'left' };
    const response = await say(url, said, { 'idempotency-key': 'k' });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    const again = async (): Promise<Response> => {
      const next = await say(url, said, { 'idempotency-key': 'k' });
      // Until the node has noticed that the first client is gone.
      return next.status === 409 ? await again() : next;
    };
    const answer = await again();
    expect(answer.headers.get('x-l104-replayed')).toBeNull();
    expect(eventsOf(await answer.text()).at(-1)?.event).toBe('done');
    expect(await saidIn(url, 'left')).toEqual([said.message]);
  });

  it('may be repeated when it failed', async () => {
    stage.simulator.faults.preset('outage', 60_000);
    const said = { message: 'Hello', session_id: 'failed' };
    expect((await say(url, said, { 'idempotency-key': 'k', 'x-l104-deadline-ms': '500' })).status).toBeGreaterThan(500);
    stage.simulator.faults.clear();
    await fetch(`${url}/self/heal`, { method: 'POST' });
    expect(await (await say(url, said, { 'idempotency-key': 'k' })).text()).toContain('event: done');
    expect(await saidIn(url, 'failed')).toEqual(['Hello']);
  });

  it.each(['two words', 'x'.repeat(256), '""'])('is refused when the name is no good: %.12j', async (key) => {
    const response = await say(url, { message: 'Hello', session_id: 'bad' }, { 'idempotency-key': key });
    expect(response.status).toBe(400);
    const { detail } = (await response.json()) as { detail: string };
    expect(detail).toMatch(/^Idempotency-Key: .{0,60}$/);
  });

  it('is answered like any other where there is no session', async () => {
    const before = asked();
    for (const key of ['k', 'k', 'two words'])
      expect((await say(url, { message: 'Hello' }, { 'idempotency-key': key })).headers.has('x-l104-replayed')).toBe(
        false,
      );
    expect(asked()).toBe(before + 3);
  });
});

describe('requests to one session at once', () => {
  it('do not wait for each other: the turns are whole and in the order in which the answers were complete', async () => {
    slow(60);
    const before = asked();
    const first = say(url, { message: 'slow #words=80', session_id: 'both' }).then((response) => response.text());
    await underWay(before);
    await (await say(url, { message: 'quick #words=3', session_id: 'both' })).text();
    expect(await saidIn(url, 'both')).toEqual(['quick #words=3']);
    expect(eventsOf(await first).at(-1)?.event).toBe('done');
    expect(await saidIn(url, 'both')).toEqual(['quick #words=3', 'slow #words=80']);
    const { turns } = (await (await fetch(`${url}/memory/sessions/both`)).json()) as { turns: { role: string }[] };
    expect(turns.map(({ role }) => role)).toEqual(['user', 'model', 'user', 'model']);
  });
});
