import { type Answer } from './calls/answer.js';
import { type Form, formName } from './calls/forms.js';
import { expectedVerdict } from './expected.js';
import { type Profile } from './profile.js';
import { FALLBACK, PRIMARY, type Scenario, scenarioName } from './scenario.js';
import { type Stage, stageFor } from './stage.js';
import { endingOf, type Judgement, type Verdict, verdictOf } from './verdict.js';

/** One scenario in one form. */
export interface Trial {
  readonly scenario: Scenario;
  readonly form: Form;
  readonly expected: Verdict;
  /** `10b native stream`. */
  readonly name: string;
}

/** What came of a trial. */
export interface TrialResult extends Judgement {
  readonly trial: Trial;
  /** Calls for answers that reached the upstream. */
  readonly attempts: number;
  /** Time of the slowest call, ms. */
  readonly ms: number;
}

/** Every form of the scenarios: both surfaces streamed, and unary where that makes sense. */
export function trialsOf(scenarios: readonly Scenario[]): readonly Trial[] {
  return scenarios.flatMap((scenario) =>
    (['native', 'openai'] as const).flatMap((surface) =>
      (scenario.unary ? [true, false] : [true]).map((streamed): Trial => {
        const form = { surface, streamed };
        return {
          scenario,
          form,
          expected: expectedVerdict(scenario, form),
          name: `${scenarioName(scenario)} ${formName(form)}`,
        };
      }),
    ),
  );
}

/** Plays a scenario in one form on a stage of its own, and judges it. */
export async function runTrial(trial: Trial, profile: Profile): Promise<TrialResult> {
  const { scenario, form } = trial;
  const stage = await stageFor(scenario, form, profile);
  try {
    const undisturbed = await stage.askDirectly(PRIMARY);
    const answerer = scenario.fallback ?? FALLBACK;
    const expected = scenario.answerer === 'fallback' ? await stage.askDirectly(answerer) : undisturbed;
    stage.forget();
    stage.strike(scenario.faults({ profile, events: (words) => eventsOf(undisturbed, words) }));
    const answers = await (scenario.play ?? once)(stage);
    return await judged(trial, stage, { answers, expected });
  } finally {
    await stage.close();
  }
}

async function judged(
  trial: Trial,
  stage: Stage,
  { answers, expected }: { answers: readonly Answer[]; expected: Answer },
): Promise<TrialResult> {
  const { scenario } = trial;
  const [answer] = answers;
  if (answer === undefined) throw new Error(`scenario ${trial.name} asked nothing`);
  // Taken now: the node may be asked again to see how it fares.
  const attempts = [...stage.attempts()];
  const endings = answers.map((one) => endingOf(one, expected, scenario.foreign));
  const seen = { profile: stage.profile, stage, answers, answer, attempts, expected };
  const missed = scenario.judge(seen);
  const damage = (await scenario.afterwards?.(seen)) ?? [];
  const ms = Math.max(...answers.map((one) => one.ms));
  return { trial, ...verdictOf({ endings, missed, attempts, damage }), attempts: attempts.length, ms };
}

async function once(stage: Stage): Promise<readonly Answer[]> {
  return [await stage.ask()];
}

/** How many events carry at most so many words; a trouble that strikes within the answer needs one on either side. */
function eventsOf({ pieces }: Answer, words: number): number {
  let seen = 0;
  let events = 0;
  for (const piece of pieces) {
    seen += piece.split(/\s+/).filter((word) => word !== '').length;
    if (seen > words) break;
    events++;
  }
  return Math.max(1, events);
}
