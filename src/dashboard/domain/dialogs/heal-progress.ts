import { VERDICTS } from '../admin-regions.js';
import { type Child, el } from '../element.js';
import { listOf, record, text } from '../json.js';
import { type ServerEvent } from '../live/sse-reader.js';
import { words } from './heal-plan.js';

/** How far a step is. */
type StepMark = 'waits' | 'started' | 'ok' | 'failed' | 'timeout';

const MARKS: Readonly<Record<StepMark, readonly [mark: string, word: string, tone: string]>> = {
  waits: ['◌', 'waits', 'idle'],
  started: ['↻', 'runs', 'info'],
  ok: ['✔', 'done', 'ok'],
  failed: ['✖', 'failed', 'bad'],
  timeout: ['✖', 'took too long', 'bad'],
};

/** Steps of a heal and how far each is, in their order. */
export type Progress = ReadonlyMap<string, StepMark>;

/** A heal that has not begun. */
export function waiting(steps: readonly string[]): Progress {
  return new Map(steps.map((name) => [name, 'waits']));
}

/** How far the heal is after an event; the same when the event is of something else. */
export function advanced(progress: Progress, { name, data }: ServerEvent): Progress {
  if (name !== 'heal_progress') return progress;
  const { step, state, result } = record(parsed(data));
  const mark = state === 'finished' ? result : state;
  if (typeof step !== 'string' || !progress.has(step) || typeof mark !== 'string' || !isMark(mark)) return progress;
  return new Map([...progress, [step, mark]]);
}

/** The steps of a heal, as they go. */
export function progressList(progress: Progress): Child {
  const rows = [...progress].map(([name, mark]) => {
    const [sign, word, tone] = MARKS[mark];
    return el('li', { 'data-key': name, 'data-tone': tone }, el('strong', {}, `${sign} ${word}`), ` ${words(name)}`);
  });
  return el('ol', { class: 'steps' }, ...rows);
}

/** What a heal has come to. */
export interface HealOutcome {
  /** The verdict in one sentence. */
  readonly sentence: string;
  readonly progress: Progress;
  /** What each step found still not well, or why it failed. */
  readonly details: readonly string[];
}

/** Reads the answer of `POST /self/heal`; undefined when it is no record of a heal. */
export function readOutcome(answer: unknown): HealOutcome | undefined {
  const { status, verdict, verdict_reason: why } = record(answer);
  const steps = listOf(answer, 'steps');
  if (typeof status !== 'string' || steps === undefined) return undefined;
  const marks = steps.map((step): [string, StepMark] => {
    const result = text(step['result']);
    return [text(step['name']), isMark(result) ? result : 'failed'];
  });
  const details = steps.flatMap((step) =>
    text(step['detail']) === '' ? [] : [`${words(text(step['name']))}: ${text(step['detail'])}`],
  );
  const told = VERDICTS[text(verdict)] ?? text(verdict);
  const sentence = `Heal ${status === 'OK' ? 'done' : status === 'PARTIAL' ? 'done in part' : 'failed'}: ${told}. ${text(why)}`;
  return { sentence: sentence.trim(), progress: new Map(marks), details };
}

function isMark(text: string): text is StepMark {
  return Object.hasOwn(MARKS, text);
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
