import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan, type RequestRecord, type SimulatorOptions } from '../src/simulator/index.js';
import { type Stage, setStage } from './support/boot.js';
import { type Answer, ask as askNode, type Asked, type Form } from './support/streamed-answer.js';

let stage: Stage;
afterEach(() => stage.close());

const ASKED = 'gemini-2.5-flash';
const FORMS: readonly Form[] = ['sse', 'array', 'openai'];

/** Bodies as they reached the upstream, parsed. */
let bodies: Record<string, unknown>[];

async function set(env: Record<string, string> = {}, options: SimulatorOptions = {}): Promise<void> {
  bodies = [];
  const onRequest: SimulatorOptions['onRequest'] = (_record, body) => {
    if (body.length > 0) bodies.push(JSON.parse(body.toString()) as Record<string, unknown>);
  };
  const quick = { RETRY_BACKOFF_BASE: '10ms', STREAM_IDLE_TIMEOUT_MS: '1s', RETRY_BUDGET_FLOOR: '1000', ...env };
  stage = await setStage(quick, { sameTextForAllModels: true, onRequest, ...options });
}

function broken(...faults: object[]): void {
  const rules = faults.map((fault) => ({ method: '*enerateContent', ...fault }));
  const { plan, problems } = parseFaultPlan({ faults: rules });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

const ask = (form: Form, asked?: Asked): Promise<Answer> => askNode(stage.node.url, form, asked);

/** Records of calls to models: the node may look a list up in between. */
const calls = (): RequestRecord[] => stage.simulator.journal.records.filter(({ model }) => model !== '');
const cut = { kind: 'cut', afterEvents: 5 };

describe.each(FORMS)('in the form %s', (form) => {
  it('is exact, with one id, one model, and the tokens of all attempts', async () => {
    await set();
    const whole = await ask(form);
    broken({ times: 2, fault: cut });
    const joined = await ask(form);
    expect([joined.text, joined.failed]).toEqual([whole.text, false]);
    expect(calls()).toHaveLength(4);
    const ids = new Set(joined.events.map(({ responseId, id }) => responseId ?? id));
    const names = new Set(joined.events.map(({ modelVersion, model }) => modelVersion ?? model));
    expect([ids.size, [...names]]).toEqual([1, [ASKED]]);
    const marks = joined.events.flatMap(({ l104 }) => (l104 === undefined ? [] : [l104]));
    expect(marks).toMatchObject([
      { healing: ['resume'], resume: 'prefill', attempts: 2, model: ASKED },
      { healing: ['resume'], resume: 'prefill', attempts: 3 },
    ]);
    const spent = (answer: Answer): number[] =>
      answer.events.flatMap((event) => {
        const { usageMetadata, usage } = event as {
          usageMetadata?: Record<string, number>;
          usage?: Record<string, number>;
        };
        return usageMetadata?.['totalTokenCount'] ?? usage?.['total_tokens'] ?? [];
      });
    const totals = spent(joined);
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
    if (form !== 'openai') expect(totals.at(-1)).toBeGreaterThan(2 * spent(whole).at(-1)!);
    await expect.poll(() => stage.log.filter(({ event }) => event === 'stream_resumed')).toHaveLength(2);
    expect(JSON.stringify(stage.log)).not.toContain(whole.text.slice(30, 60));
  });

  it('is asked anew where the model takes no partial answer, which is learnt', async () => {
    await set({ PREFILL_MODELS: 'gemini-*' });
    const whole = await ask(form, { model: 'gemini-3.5-flash' });
    broken({ times: 1, fault: cut });
    expect(await ask(form, { model: 'gemini-3.5-flash' })).toMatchObject({ text: whole.text, failed: false });
    expect(calls().map(({ status }) => status)).toEqual([200, 200, 400, 200]);
    broken({ times: 1, fault: cut });
    expect((await ask(form, { model: 'gemini-3.5-flash' })).text).toBe(whole.text);
    expect(calls()).toHaveLength(6);
  });

  it('goes on with the fallback when the model is down', async () => {
    await set({ GEMINI_FALLBACK_MODELS: 'gemini-2.5-flash>gemini-2.5-pro' });
    const whole = await ask(form);
    broken(
      { model: ASKED, times: 1, fault: cut },
      { model: ASKED, skip: 1, fault: { kind: 'error', status: 'UNAVAILABLE' } },
    );
    expect(await ask(form)).toMatchObject({ text: whole.text, failed: false });
    expect(calls().at(-1)?.model).toBe('gemini-2.5-pro');
  });

  it('fails honestly when nothing is left', async () => {
    await set({ RESUME_ATTEMPTS: '2' });
    broken({ fault: { kind: 'reset', afterEvents: 3 } });
    expect((await ask(form)).failed).toBe(true);
    expect(calls()).toHaveLength(3);
    await expect.poll(() => stage.log.some(({ event }) => event === 'stream_failed')).toBe(true);
  });

  it.each([
    ['the client says no', {}, { 'x-l104-resume': 'off' }, {}],
    ['it is switched off', { RESUME_ENABLED: 'false' }, {}, {}],
    ['there is no budget', { RETRY_BUDGET_FLOOR: '0', RETRY_BUDGET_SHARE: '0' }, {}, {}],
    ['log probabilities are asked for', {}, {}, { logprobs: true, generationConfig: { responseLogprobs: true } }],
    ['several candidates are asked for', {}, {}, { n: 2, generationConfig: { candidateCount: 2 } }],
  ])('breaks when %s', async (_why, env: Record<string, string>, headers, more) => {
    await set(env);
    broken({ fault: cut });
    expect((await ask(form, { headers, more })).failed).toBe(true);
    expect(calls()).toHaveLength(1);
  });
});
