import { type Child, el } from '../element.js';
import { listOf, maybe, record, text } from '../json.js';

/** A step that a heal could take, as `GET /self/heal/plan` tells it. */
export interface PlanStep {
  readonly name: string;
  readonly level: string;
  readonly runs: boolean;
  readonly reason: string;
  /** What switches it on or off; null for one that cannot be chosen by hand. */
  readonly option: string | null;
}

/** What a heal by hand would do. */
export interface HealPlan {
  readonly cause: string | null;
  readonly steps: readonly PlanStep[];
}

/** Reads the answer of `GET /self/heal/plan`; undefined when it is no plan. */
export function readPlan(answer: unknown): HealPlan | undefined {
  const [steps, leftOut] = [listOf(answer, 'steps'), listOf(answer, 'left_out')];
  if (steps === undefined || leftOut === undefined) return undefined;
  const read = (step: Readonly<Record<string, unknown>>, runs: boolean): PlanStep => ({
    name: text(step['name']),
    level: text(step['level']),
    runs,
    reason: text(step['reason']),
    option: maybe(step['option']),
  });
  const all = [...steps.map((step) => read(step, true)), ...leftOut.map((step) => read(step, false))];
  return { cause: maybe(record(answer)['cause']), steps: all };
}

/** The plan as a form: each step that can be chosen, with its level and why it is in or out. */
export function planForm({ cause, steps }: HealPlan): Child[] {
  const free = steps.filter(({ option }) => option !== null);
  const fixed = steps.filter(({ option }) => option === null);
  return [
    el('p', {}, cause === null ? 'Nothing is known to be wrong.' : `What is wrong: ${words(cause)}.`),
    el('fieldset', { class: 'plan' }, el('legend', {}, 'What it will do'), ...free.map(stepField)),
    ...(fixed.length === 0
      ? []
      : [
          el(
            'details',
            {},
            el('summary', {}, 'Not to be chosen here'),
            el(
              'ul',
              {},
              ...fixed.map(({ name, reason, runs }) => el('li', {}, `${words(name)}: ${runs ? 'runs' : reason}`)),
            ),
          ),
        ]),
  ];
}

function stepField({ name, level, runs, reason, option }: PlanStep): Child {
  return el(
    'label',
    { 'data-key': name },
    el('input', { type: 'checkbox', name: option ?? '', ...(runs ? { checked: '' } : {}) }),
    el('span', {}, el('strong', {}, words(name)), ` (${level}): ${reason}`),
  );
}

/** What to ask of the node for the steps that were chosen; undefined when none is left to do. */
export function chosenOptions(
  { steps }: HealPlan,
  fields: Readonly<Record<string, string>>,
): Record<string, boolean> | undefined {
  const free = steps.flatMap(({ option }) => (option === null ? [] : [option]));
  const options = Object.fromEntries(free.map((option) => [option, fields[option] === 'on']));
  const some = Object.values(options).includes(true) || steps.some(({ runs, option }) => runs && option === null);
  return some ? options : undefined;
}

/** Names of the steps that will run with these options, in their order. */
export function stepsToRun({ steps }: HealPlan, options: Readonly<Record<string, boolean>>): string[] {
  return steps.filter(({ option, runs }) => (option === null ? runs : options[option])).map(({ name }) => name);
}

/** Names of the node as words of the reader. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}
