import { chosenOptions, type HealPlan, planForm, readPlan, stepsToRun } from '../domain/dialogs/heal-plan.js';
import { advanced, progressList, readOutcome, waiting } from '../domain/dialogs/heal-progress.js';
import { type Child, el } from '../domain/element.js';
import { type ServerEvent } from '../domain/live/sse-reader.js';
import { askPlan, heal } from './admin-contact.js';
import { Dialog } from './dialog.js';
import { type PageDocument } from './dom.js';

/** Lets a listener hear the events of the node, until what it gets back is called. */
export type HealEvents = (listener: (event: ServerEvent) => void) => () => void;

/** Shows what a heal would do, heals when it is wanted, shows each step as it goes, and the verdict; tells that in words. */
export async function healByHand(document: PageDocument, events: HealEvents): Promise<string | undefined> {
  const dialog = Dialog.open(document, 'Heal now');
  if (dialog === undefined) return undefined;
  dialog.show([el('p', {}, 'Asking the node what it would do …')]);
  const answer = await askPlan();
  const plan = answer.ok ? readPlan(answer.body) : undefined;
  if (plan === undefined) {
    await dialog.tell(answer.ok ? 'The node gave no plan, so nothing was done.' : answer.words, []);
    return undefined;
  }
  const options = await choose(dialog, plan);
  return options === undefined ? undefined : await run(dialog, options, stepsToRun(plan, options), events);
}

/** The steps that are wanted; undefined when the reader leaves. A heal of nothing is not asked for. */
async function choose(dialog: Dialog, plan: HealPlan): Promise<Record<string, boolean> | undefined> {
  for (let said = ''; ; said = 'Choose at least one step.') {
    const fields = await dialog.ask(planForm(plan), 'Heal', said);
    if (fields === undefined) return undefined;
    const options = chosenOptions(plan, fields);
    if (options !== undefined) return options;
  }
}

async function run(
  dialog: Dialog,
  options: Readonly<Record<string, boolean>>,
  steps: readonly string[],
  events: HealEvents,
): Promise<string> {
  let progress = waiting(steps);
  const show = (): void => {
    dialog.show([progressList(progress)]);
  };
  show();
  const leave = events((event) => {
    progress = advanced(progress, event);
    show();
  });
  const answer = await heal(options);
  leave();
  const outcome = readOutcome(answer.body);
  if (outcome === undefined) {
    const words = answer.ok ? 'The node did not say what came of the heal.' : answer.words;
    await dialog.tell(words, [progressList(progress)]);
    return words;
  }
  const details: Child[] = outcome.details.map((text) => el('li', {}, text));
  const body = [progressList(outcome.progress), ...(details.length === 0 ? [] : [el('ul', {}, ...details)])];
  await dialog.tell(outcome.sentence, [...body, el('p', {}, 'A heal cannot be undone.')]);
  return outcome.sentence;
}
