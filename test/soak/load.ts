import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator } from '../../src/simulator/index.js';
import { readAnswer } from '../scenarios/calls/answer.js';
import { type Form, requestFor } from '../scenarios/calls/forms.js';
import { send } from '../scenarios/calls/wire.js';
import { PRIMARY } from '../scenarios/scenario.js';
import { type Options } from './options.js';
import { type Tally } from './tally.js';
import { seededRandom } from '../../src/kernel/test-random.js';
import { ALL_PROMPTS, nextCall } from './traffic.js';
import { SIMULATOR } from './upstream.js';

/** A caller gives up well after the node's own deadline, ms. */
const PATIENCE_MS = 40_000;
const UNARY: Form = { surface: 'native', streamed: false };

/** What a Gemini without troubles answers to every prompt. */
export async function undisturbedTexts(): Promise<ReadonlyMap<string, string>> {
  const simulator = await startSimulator({ ...SIMULATOR, wordDelayMs: 0 });
  try {
    const texts = new Map<string, string>();
    for (const prompt of ALL_PROMPTS) {
      const request = requestFor({ form: UNARY, model: PRIMARY, prompt });
      texts.set(prompt, readAnswer(UNARY, await send(simulator.url, request, PATIENCE_MS)).text);
    }
    return texts;
  } finally {
    await simulator.close();
  }
}

/**
 * Sends calls at fixed times, whatever becomes of those before, for so many milliseconds; resolves when the last of them
 * is over. The count of sent ones is that of calls that were due.
 */
export async function load(url: string, tally: Tally, { minutes, rate, seed }: Options): Promise<void> {
  const random = seededRandom(seed);
  const calls = Math.round(minutes * 60 * rate);
  const began = performance.now();
  const running = new Set<Promise<void>>();
  while (tally.sent < calls) {
    await sleep(Math.max(0, began + (tally.sent * 1_000) / rate - performance.now()));
    tally.sent++;
    const planned = nextCall(random);
    const { form, prompt, manner } = planned;
    const request = requestFor({ form, model: PRIMARY, prompt });
    const call = send(url, request, PATIENCE_MS, manner).then((wire) => {
      tally.add(planned, readAnswer(form, wire));
      running.delete(call);
    });
    running.add(call);
  }
  await Promise.all(running);
}
