import { helpBody } from '../domain/dialogs/help-dialog.js';
import { Shortcuts, type ShortcutAct } from '../domain/shortcuts.js';
import { Dialog } from './dialog.js';
import { type PageDocument, type PageElement } from './dom.js';
import { keepChoice, keptChoice } from './kept-choice.js';

/** Where the browser keeps that the keys are off: some readers' tools press keys of their own. */
const KEYS_KEY = 'l104-keys';
/** What takes keys for itself. */
const FIELDS = 'input, textarea, select, [contenteditable]';

/** Lets keys lead to parts of the page, and shows which do. */
export function mountKeyboard(document: PageDocument, look: () => void): void {
  const shortcuts = new Shortcuts();
  const acts: Readonly<Record<ShortcutAct, () => void>> = {
    help: () => void help(document),
    refresh: look,
    filter: () => document.getElementById('filter')?.focus(),
    status: jump(document, 'status'),
    targets: jump(document, 'targets'),
    healing: jump(document, 'healing'),
  };
  document.addEventListener('keydown', (event) => {
    if (keptChoice(KEYS_KEY) === 'off') return;
    const { key, ctrlKey, altKey, metaKey, target } = event;
    const inField = (target?.closest(FIELDS) ?? null) !== null;
    const taken = inField || document.querySelector('dialog[open]') !== null;
    const act = shortcuts.press({ key, modified: ctrlKey || altKey || metaKey, taken, at: performance.now() });
    if (act === undefined) return;
    event.preventDefault();
    acts[act]();
  });
  document.getElementById('help')?.addEventListener('click', acts.help);
}

async function help(document: PageDocument): Promise<void> {
  const dialog = Dialog.open(document, 'Keys');
  dialog?.onChange((fields) => {
    keepChoice(KEYS_KEY, fields['keys'] === 'on' ? 'on' : 'off');
  });
  await dialog?.tell('', helpBody(keptChoice(KEYS_KEY) !== 'off'));
}

/** Puts the reader's focus on a part of the page, which scrolls there too. */
function jump(document: PageDocument, id: string): () => void {
  return () => {
    const part: PageElement | null = document.getElementById(id)?.closest('section') ?? null;
    part?.setAttribute('tabindex', '-1');
    part?.focus();
  };
}
