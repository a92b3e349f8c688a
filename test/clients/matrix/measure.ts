import { setTimeout as passed } from 'node:timers/promises';
import {
  parseFaultPlan,
  type RequestRecord,
  type RunningSimulator,
  startSimulator,
} from '../../../src/simulator/index.js';
import { bootNode } from '../../support/boot.js';
import { type AnswerFault } from '../answer-faults.js';
import { PACKAGES } from '../drivers/all-drivers.js';
import { type ClientDriver } from '../drivers/client-driver.js';
import { requestsWith } from '../journal-reading.js';
import { keyFor } from '../keyed-faults.js';
import { type Circumstance } from './circumstances.js';
import { errorKind } from './error-kind.js';

/** Some ten events, so that there is an early, a middle and a late. */
const PROMPT = 'Tell me a story #words=60';
/** Calls at a time: enough that the waits for time limits overlap, few enough that no healthy call is late. */
const AT_ONCE = 24;
/** A plan of the simulator holds 200 rules, and each call has one of its own. */
const FAULTS_AT_ONCE = 36;
/** How soon nothing may be left at the upstream, ms. */
const TIDY_MS = 5_000;

/** Waits that are not what is measured are short, and no budget ends a call that is to be healed. */
const QUICK = {
  RETRY_BACKOFF_BASE: '5ms',
  RETRY_BACKOFF_CAP: '50ms',
  RETRY_BUDGET_SHARE: '1',
  RETRY_BUDGET_FLOOR: '10000',
  RATE_LIMIT_REQUESTS: '1000000',
  RETRY_WAIT_LIMIT: '1s',
  STREAM_END_GRACE_MS: '200ms',
} as const;

/** Limits that are soon reached, for faults that show only when one is. */
const HASTY = {
  TTFT_TIMEOUT_MS: '1s',
  STREAM_IDLE_TIMEOUT_MS: '1s',
  ANSWER_TIMEOUT: '1s',
  ANSWER_TIMEOUT_FLOOR: '1s',
  ANSWER_BESIDE: '300ms',
  FIRST_TOKEN_BESIDE_MS: '300ms',
  REQUEST_DEADLINE_MS: '6s',
} as const;

/** What a fault is to a call: how it is asked for, and when it strikes. */
export interface Play {
  readonly how: 'stream' | 'unary';
  readonly circumstance: Circumstance;
}

/** What came of one call. */
export interface Outcome {
  readonly fault: string;
  readonly client: string;
  /**
   * `wrong` is what must never be: an answer that is not the undisturbed one, without an error. `doubled` is one of these
   * that has all of it, and a part of it twice.
   */
  readonly got: 'whole' | 'error' | 'doubled' | 'wrong';
  /** What the error was, or the wrong text. */
  readonly detail: string;
  /** What reached the upstream for it. */
  readonly attempts: readonly RequestRecord[];
}

/** Plays every fault with every package, and tells what each one's user got. */
export async function measure(
  faults: Readonly<Record<string, AnswerFault>>,
  { how, circumstance }: Play,
): Promise<readonly Outcome[]> {
  const simulator = await startSimulator({ wordDelayMs: 0, sameTextForAllModels: true, journalSize: 20_000 });
  const { model, fallback } = circumstance;
  const env = {
    ...QUICK,
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: simulator.url,
    ...(fallback !== undefined && { GEMINI_FALLBACK_MODELS: `${model}>${fallback}` }),
  };
  const [patient, hasty] = await Promise.all([bootNode(env), bootNode({ ...env, ...HASTY })]);
  try {
    const outcomes: Outcome[] = [];
    const names = Object.keys(faults);
    for (let at = 0; at < names.length; at += FAULTS_AT_ONCE) {
      const some = names.slice(at, at + FAULTS_AT_ONCE);
      strike(
        simulator,
        some.map((name): [string, AnswerFault] => [name, faults[name] as AnswerFault]),
        circumstance,
      );
      const calls = some.flatMap((fault) => PACKAGES.map((driver) => ({ fault, driver })));
      const results = await inTurns(calls, async ({ fault, driver }) => {
        const { url } = (faults[fault]?.waits === true ? hasty : patient).node;
        return judged({ fault, driver, url, how, model }, simulator);
      });
      outcomes.push(...results);
    }
    return outcomes;
  } finally {
    await Promise.all([patient.node.drain(), hasty.node.drain()]);
    await simulator.close();
  }
}

interface Call {
  readonly fault: string;
  readonly driver: ClientDriver;
  readonly url: string;
  readonly how: 'stream' | 'unary';
  readonly model: string;
}

async function judged({ fault, driver, url, how, model }: Call, simulator: RunningSimulator): Promise<Outcome> {
  const ask = { prompt: PROMPT, model };
  const direct = driver.connect({ url: simulator.url + driver.path.gemini, key: 'undisturbed' });
  const whole = (await direct[how](ask)).text;
  const key = keyFor(fault, driver.name);
  const result = await driver
    .connect({ url: url + driver.path.node, key })
    [how](ask)
    .then(
      ({ text }) => ({ got: gotOf(text, whole), detail: text }),
      (error: unknown) => ({ got: 'error' as const, detail: errorKind(error) }),
    );
  return { fault, client: driver.name, ...result, attempts: await settled(simulator, key) };
}

function gotOf(text: string, whole: string): Outcome['got'] {
  if (text === whole) return 'whole';
  let same = 0;
  while (same < whole.length && text[same] === whole[same]) same++;
  const again = whole.length - (text.length - same);
  return again >= 0 && again < same && text.slice(same) === whole.slice(again) ? 'doubled' : 'wrong';
}

/** What reached the upstream with a key, once nothing of it is left there or the time for that is over. */
async function settled(simulator: RunningSimulator, key: string): Promise<readonly RequestRecord[]> {
  const begun = performance.now();
  for (;;) {
    const requests = requestsWith(simulator, key);
    const left = requests.some(({ outcome }) => outcome === undefined);
    if (!left || performance.now() - begun > TIDY_MS) return requests;
    await passed(20);
  }
}

/** Gives each call a rule of its own, so that a fault can strike each of them once. */
function strike(
  simulator: RunningSimulator,
  faults: readonly (readonly [string, AnswerFault])[],
  { model, once }: Circumstance,
): void {
  const rules = faults.flatMap(([name, { fault, surface }]) =>
    PACKAGES.map((driver) => {
      const key = keyFor(name, driver.name);
      return { id: key, key, model, fault, surface, ...(once && { times: 1 }) };
    }),
  );
  const { plan, problems } = parseFaultPlan({ faults: rules });
  if (plan === undefined) throw new Error(problems.join('\n'));
  simulator.faults.set(plan);
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of left) {
      results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
