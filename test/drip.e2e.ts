import { afterEach, describe, expect, it } from 'vitest';
import { parseFaultPlan } from '../src/simulator/index.js';
import { ask as askNode, type Form, healing, metric as seriesOf, MODEL } from './support/asking.js';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
afterEach(() => stage.close());

const FALLBACK = 'gemini-2.5-pro';
/** Times short enough for a test; the pace is far above that of a drip, and far below that of a healthy stream. */
const SHORT = {
  RETRY_BACKOFF_BASE: '20ms',
  GEMINI_FALLBACK_MODELS: `*>${FALLBACK}`,
  STREAM_IDLE_TIMEOUT_MS: '1500ms',
  STREAM_FLOOR_WINDOW: '1s',
};

async function set(env: Record<string, string>, fault: object): Promise<void> {
  stage = await setStage({ ...SHORT, ...env }, { sameTextForAllModels: true });
  const { plan, problems } = parseFaultPlan({ faults: [{ model: MODEL, fault }] });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

const ask = (text = 'Tell me a story #words=80', form: Form = 'gemini-sse'): Promise<Response> =>
  askNode(stage.node.url, { text, form });
const metric = (series: string): Promise<number> => seriesOf(stage.node.url, series);
const models = (): string[] => stage.simulator.journal.records.map(({ model }) => model);

function textOf(raw: string): string {
  const events = raw.split(/\r?\n\r?\n/).filter((block) => block !== '');
  return events
    .map((event) => JSON.parse(event.slice(6)) as { candidates?: { content?: { parts?: { text?: string }[] } }[] })
    .map(({ candidates }) => (candidates?.[0]?.content?.parts ?? []).map(({ text = '' }) => text).join(''))
    .join('');
}

async function plain(): Promise<string> {
  return textOf(
    await (
      await askNode(stage.simulator.url, {
        text: 'Tell me a story #words=80',
        headers: { authorization: 'Bearer other' },
      })
    ).text(),
  );
}

describe('a stream that drips', () => {
  it('is gone on with elsewhere, and counts as a stall', async () => {
    await set({ STREAM_MIN_CHARACTERS_PER_SECOND: '1000' }, { kind: 'slow', perEventMs: 300 });
    const began = performance.now();
    const text = textOf(await (await ask()).text());
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(models()).toEqual([MODEL, FALLBACK]);
    expect(stage.simulator.journal.records[0]?.outcome).toBe('client_aborted');
    stage.simulator.faults.clear();
    expect(text).toBe(await plain());
    expect(await metric('l104_answer_defects_total{kind="too_slow"}')).toBe(1);
  });

  it('opens the circuit of its target like a stall', async () => {
    const env = { STREAM_MIN_CHARACTERS_PER_SECOND: '1000', CIRCUIT_BREAKER_THRESHOLD: '1' };
    await set(env, { kind: 'slow', perEventMs: 300 });
    await (await ask()).text();
    await (await ask()).text();
    expect(models()).toEqual([MODEL, FALLBACK, FALLBACK]);
  });

  it('is left alone above the floor, and where there is none', async () => {
    const forms = ['gemini-sse', 'gemini-array', 'openai-sse'] as const;
    await set({ STREAM_MIN_CHARACTERS_PER_SECOND: '1' }, { kind: 'slow', perEventMs: 300 });
    await Promise.all(forms.map(async (form) => (await ask('Hello #words=60', form)).text()));
    expect(models()).toEqual([MODEL, MODEL, MODEL]);
    expect(await metric('l104_answer_defects_total{kind="too_slow"}')).toBe(0);
  });
});

describe('usage events that never change', () => {
  it.each([10, 100])('are no first word: another target is asked (every %i ms)', async (everyMs) => {
    const env = { TTFT_TIMEOUT_MS: '1s', TTFT_PER_THINKING_TOKEN: '0ms', FIRST_TOKEN_BESIDE_MS: '1h' };
    await set(env, { kind: 'zombie', afterEvents: 0, everyMs });
    const response = await ask();
    const text = textOf(await response.text());
    expect(healing(response)).toBe('retry, failover');
    expect(models()).toEqual([MODEL, FALLBACK]);
    stage.simulator.faults.clear();
    expect(text).toBe(await plain());
  });

  it('are no progress behind it: the stream is gone on with', async () => {
    await set({}, { kind: 'zombie', afterEvents: 15, everyMs: 50 });
    const response = await ask();
    const raw = await response.text();
    expect(healing(response)).toBeNull();
    expect(raw).toContain('"resume"');
    expect(models()).toEqual([MODEL, FALLBACK]);
    stage.simulator.faults.clear();
    expect(textOf(raw)).toBe(await plain());
  });
});
