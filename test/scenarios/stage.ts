import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFaultPlan, type RequestRecord } from '../../src/simulator/index.js';
import { setStage } from '../support/boot.js';
import { type Answer, readAnswer } from './calls/answer.js';
import { type Form, type Question, requestFor } from './calls/forms.js';
import { send } from './calls/wire.js';
import { BASELINE, type Profile } from './profile.js';
import { FALLBACK, PRIMARY, PROMPT, type Scenario } from './scenario.js';

/** After this long a call that waits for the end of a trouble has waited enough, real ms. */
const PATIENCE_MS = 60_000;

/** A node and a simulator of its own, for one form of one scenario. */
export interface Stage {
  readonly profile: Profile;
  readonly form: Form;
  /** Asks the node what the scenario asks. */
  readonly ask: () => Promise<Answer>;
  /** Asks the simulator the same, past the node. */
  askDirectly(model: string): Promise<Answer>;
  /** Status of a route of the node. */
  status(path: string): Promise<number>;
  /** Puts faults in force; windows begin now. None ends them all. */
  strike(faults: readonly object[]): void;
  /** Calls for answers that reached the upstream since the last `forget`. */
  attempts(): readonly RequestRecord[];
  /** Forgets what reached the upstream so far. */
  forget(): void;
  close(): Promise<void>;
}

/** Boots what a scenario needs. */
export async function stageFor(scenario: Scenario, form: Form, profile: Profile): Promise<Stage> {
  const { prompt = PROMPT, fallback = FALLBACK, patienceMs = PATIENCE_MS } = scenario;
  const options = { wordDelayMs: 15, sameTextForAllModels: true, ...scenario.simulator };
  const folder = await mkdtemp(join(tmpdir(), 'l104-scenario-'));
  const stage = await setStage(
    {
      DATABASE_URL: `file:${join(folder, 'l104.db')}`,
      GEMINI_API_KEY: 'the-only-key-of-the-node',
      GEMINI_FALLBACK_MODELS: `${PRIMARY}>${fallback}`,
      ...BASELINE,
      ...(profile.name === 'fast' ? scenario.fast : {}),
    },
    options,
  );
  const { node, simulator } = stage;
  const ask = async (url: string, question: Question): Promise<Answer> => {
    const asked = requestFor(question);
    const path = url === simulator.url ? asked.path.replace(/^\/v1\/chat/, '/v1beta/openai/chat') : asked.path;
    return readAnswer(form, await send(url, { ...asked, path }, profile.atMost(patienceMs)));
  };
  return {
    profile,
    form,
    ask: () => ask(node.url, { form, model: PRIMARY, prompt }),
    askDirectly: (model) => ask(simulator.url, { form, model, prompt }),
    status: async (path) => (await fetch(node.url + path)).status,
    strike: (faults) => {
      const rules = faults.map((fault) => ({ method: '*enerateContent', ...fault }));
      const { plan, problems } = parseFaultPlan({ faults: rules });
      if (plan === undefined) throw new Error(problems.join('\n'));
      simulator.faults.set(plan);
    },
    attempts: () => simulator.journal.records.filter(({ method }) => method.endsWith('enerateContent')),
    forget: () => {
      simulator.journal.clear();
    },
    close: async () => {
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
