import { heal, planInWords, setTarget, silence } from './admin-contact.js';
import { type PageElement } from './dom.js';

declare function confirm(question: string): boolean;

/** Runs what the buttons of administrators stand for: each says first what it will do, and afterwards what came of it. */
export function listen(main: PageElement, said: (words: string) => void, changed: () => void): void {
  main.addEventListener('click', ({ target }) => {
    const act = target?.getAttribute('data-act');
    if (typeof act !== 'string') return;
    void run(act, target?.getAttribute('data-target') ?? '')
      .catch(() => 'The node did not answer.')
      .then((words) => {
        if (words !== undefined) said(words);
        changed();
      });
  });
}

async function run(act: string, name: string): Promise<string | undefined> {
  if (act === 'isolate' && confirm(`Take ${name} out? No call goes to it until it is released.`))
    return await setTarget(name, 'isolate');
  if (act === 'release' && confirm(`Give ${name} back? Calls go to it again.`)) return await setTarget(name, 'release');
  if (act === 'silence' && confirm(`Tell nobody of ${name} for an hour?`)) return await silence(name);
  if (act === 'heal') {
    const plan = await planInWords();
    if (confirm(`Heal now? This is the plan:\n\n${plan}`)) return await heal();
  }
  return undefined;
}
