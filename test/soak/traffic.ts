import { type Form } from '../scenarios/calls/forms.js';
import { type Manner } from '../scenarios/calls/wire.js';

/** One call of the mixture. */
export interface PlannedCall {
  readonly form: Form;
  readonly prompt: string;
  readonly manner: Manner;
}

/** The forms in which answers are asked for. */
export const FORMS: readonly Form[] = [
  { surface: 'native', streamed: true },
  { surface: 'openai', streamed: true },
  { surface: 'native', streamed: false },
  { surface: 'openai', streamed: false },
  { surface: 'own', streamed: true },
  { surface: 'own', streamed: false },
];

/** Answers of 20 to 135 words. */
const PROMPTS = Array.from({ length: 24 }, (_, at) => `Tell me story number ${at} #words=${20 + 5 * at}`);

/** Shares of the calls, from 0 to 1. */
const LEAVING = 0.06;
const SLOW = 0.004;
/** An answer of 2 MB in some tens of events: more than the buffers between a node and a caller hold together. */
const LARGE = `#echo ${Array.from({ length: 40 }, (_, at) => String(at % 10).repeat(50_000)).join(' ')}`;
const SLOW_PAUSE_MS = 100;
const LEAVES_WITHIN = { bytes: 4_000, ms: 400 };

/** Every prompt that is ever sent. */
export const ALL_PROMPTS: readonly string[] = [...PROMPTS, LARGE];

/** The next call; `random` draws from 0 to 1. */
export function nextCall(random: () => number): PlannedCall {
  const form = pick(FORMS, random());
  const prompt = pick(PROMPTS, random());
  const draw = random();
  if (draw < SLOW) {
    const streamed = { surface: random() < 0.5 ? 'native' : 'openai', streamed: true } as const;
    return { form: streamed, prompt: LARGE, manner: { pauseMs: SLOW_PAUSE_MS } };
  }
  if (draw < SLOW + LEAVING / 2) return { form, prompt, manner: { leaveAfterMs: random() * LEAVES_WITHIN.ms } };
  if (draw < SLOW + LEAVING) return { form, prompt, manner: { leaveAfterBytes: 1 + random() * LEAVES_WITHIN.bytes } };
  return { form, prompt, manner: {} };
}

function pick<T>(list: readonly T[], draw: number): T {
  return list[Math.floor(draw * list.length)] as T;
}
