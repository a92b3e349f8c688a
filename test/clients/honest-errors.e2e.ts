import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ERROR_CODES } from '../../src/kernel/error-codes.js';
import { type AnswerFault, STREAM_FAULTS, UNARY_FAULTS } from './answer-faults.js';
import { type FaultyStage, HASTY, setFaultyStage } from './faulty-stage.js';
import { keyFor } from './keyed-faults.js';
import { ask, eventsOf, finished, type FormName, FORMS, textOf, type WireAnswer } from './wire-reading.js';

// Most of these calls only wait for a limit to pass.
vi.setConfig({ maxConcurrency: 20 });

const PROMPT = 'Tell me a story #words=60';

const some = expect.any(String) as string;
/** An error in each dialect. */
const ERROR = {
  gemini: (code: number) => ({ error: { code, message: some, status: some } }),
  openai: () => ({ error: { message: some, type: some, code: some, param: null } }),
};

interface ShownError {
  readonly code?: unknown;
  readonly status?: string;
  readonly details?: readonly { readonly reason?: string }[];
}

/** The stable code of an error: the node's own, or Gemini's canonical name. */
function codeOf({ error }: { readonly error?: ShownError }): unknown {
  if (typeof error?.code === 'string') return error.code;
  return error?.details?.map(({ reason }) => reason).find((reason) => reason !== undefined) ?? error?.status;
}

/** Gemini's own words for the errors it gave, where the node hands them on. */
const GEMINI_CODES = [
  'UNAVAILABLE',
  'INTERNAL',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'MODEL_CAPACITY_EXHAUSTED',
  'CANCELLED',
];
const CODES = [...Object.keys(ERROR_CODES), ...GEMINI_CODES];

describe.each(Object.keys(FORMS) as FormName[])('%s on the wire', (form) => {
  const { dialect, streamed } = FORMS[form];
  const faults: Readonly<Record<string, AnswerFault>> = streamed ? STREAM_FAULTS : UNARY_FAULTS;
  let stage: FaultyStage;
  let whole: string;
  beforeAll(async () => {
    stage = await setFaultyStage(faults, streamed ? HASTY.stream : HASTY.unary);
    whole = textOf(eventsOf(await ask(stage.patient, 'undisturbed', form, PROMPT), form));
  });
  afterAll(() => stage.close());

  function expectWhole(answer: WireAnswer): void {
    const events = eventsOf(answer, form);
    expect(answer).toMatchObject({ status: 200, broken: false });
    expect(textOf(events)).toBe(whole);
    expect(finished(events)).toBe(true);
  }

  /** The error is the answer: status, type and body say so. */
  function expectRefusal(answer: WireAnswer, status: number): void {
    expect(answer).toMatchObject({
      status,
      broken: false,
      contentType: expect.stringContaining('application/json') as string,
    });
    const body = JSON.parse(answer.body) as { error?: ShownError };
    expect(body).toMatchObject(ERROR[dialect](status));
    expect(CODES).toContain(codeOf(body));
    expect(answer.headers.get('x-request-id')).toMatch(/\S/);
  }

  /** The error is the last event, what came before is a true beginning of the answer, and the connection is broken. */
  function expectBreak(answer: WireAnswer): void {
    const events = eventsOf(answer, form);
    const last = events.at(-1);
    expect(answer.broken).toBe(true);
    expect(last).toMatchObject(ERROR[dialect](expect.any(Number) as number));
    expect(CODES).toContain(codeOf(last ?? {}));
    const said = events.slice(0, -1);
    expect(said.some((event) => 'error' in event)).toBe(false);
    expect(finished(said)).toBe(false);
    expect(whole.startsWith(textOf(said))).toBe(true);
    expect(textOf(said)).not.toBe('');
  }

  const cases = Object.entries(faults)
    .filter(([, { surface }]) => surface === undefined || dialect === 'gemini')
    .map(([name, fault]) => ({ name, fault }));
  it.concurrent.each(cases)('$name: the whole answer or an honest error', async ({ name, fault }) => {
    const key = keyFor(name, form);
    const answer = await ask(stage.urlFor(fault), key, form, PROMPT);
    expect(whole.split(' ')).toHaveLength(60);
    expect(answer.body).not.toContain(key);
    if (answer.status === 200 && !answer.broken) expectWhole(answer);
    else if (fault.status !== undefined) expectRefusal(answer, fault.status);
    else if (answer.status === 200) expectBreak(answer);
    else expectRefusal(answer, fault.waits === true ? 504 : 502);
  });

  it('is whole and says so when nothing is wrong', async () => {
    expectWhole(await ask(stage.patient, 'undisturbed', form, PROMPT));
    expect(whole).toBe(textOf(eventsOf(await ask(stage.simulator.url, 'undisturbed', form, PROMPT), form)));
  });
});
