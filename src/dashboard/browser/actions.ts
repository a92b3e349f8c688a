import { choice, reasonField } from '../domain/dialogs/dialog-frame.js';
import { type Child, el } from '../domain/element.js';
import { curlLine } from '../domain/curl-line.js';
import { record } from '../domain/json.js';
import { endSilence, isolate, type Outcome, release, silence } from './admin-contact.js';
import { COPIED, copyText } from './clipboard.js';
import { Dialog } from './dialog.js';
import { type PageDocument, type PageElement } from './dom.js';
import { healByHand, type HealEvents } from './heal-by-hand.js';

declare const location: { readonly origin: string };

/** Times for which an alert can be silent. */
const SILENCES = { '1h': '1 hour', '8h': '8 hours', '24h': '24 hours' };

/** How long a button says that it was pressed, ms. */
const SEEN_MS = 2000;

/** What the buttons need of the page. */
export interface ActingPage {
  readonly document: PageDocument;
  /** Says on the page what has come of something. */
  readonly said: (words: string) => void;
  /** Something was done: what is shown may have changed. */
  readonly changed: () => void;
  readonly hear: HealEvents;
}

/** Runs what the buttons of administrators stand for: each shows first what it will do, and afterwards what came of it. */
export function listen(main: PageElement, page: ActingPage): void {
  main.addEventListener('click', ({ target }) => {
    const button = target?.closest('[data-act]') ?? null;
    const run = ACTS[button?.getAttribute('data-act') ?? ''];
    if (button === null || run === undefined) return;
    void run(page, button).then((words) => {
      if (words !== undefined) page.said(words);
      page.changed();
    });
  });
}

/** What each button does; tells in words what came of it, or nothing when the reader has left it. */
const ACTS: Readonly<Record<string, (page: ActingPage, button: PageElement) => Promise<string | undefined>>> = {
  isolate: (page, button) => {
    const name = targetOf(button);
    const about = `No call goes to ${name} until it is released.`;
    return inDialog(page, `Isolate ${name}`, {
      body: [el('p', {}, about), reasonField('Reason, for others to read')],
      go: 'Isolate',
      run: ({ reason = '' }) => isolate(name, reason),
      done: `${name} is taken out.`,
      undo: { label: 'Undo: release', run: () => release(name), done: `${name} is in use again.` },
    });
  },
  release: (page, button) => {
    const name = targetOf(button);
    return inDialog(page, `Release ${name}`, {
      body: [el('p', {}, `Calls go to ${name} again.`)],
      go: 'Release',
      run: () => release(name),
      done: `${name} is given back.`,
    });
  },
  silence: (page, button) => {
    const name = targetOf(button);
    const about = `Nobody is told of ${name} for that time. It stays on this page.`;
    return inDialog(page, `Silence ${name}`, {
      body: [
        el('p', {}, about),
        choice('duration', 'For how long', SILENCES),
        reasonField('Reason, for others to read'),
      ],
      go: 'Silence',
      run: ({ duration = '1h', reason = '' }) => silence(name, duration, reason),
      done: `${name} is silent.`,
      undo: {
        label: 'Undo: end the silence',
        run: (answer) => endSilence(String(record(answer)['id'])),
        done: `${name} is told again.`,
      },
    });
  },
  unsilence: (page, button) => {
    const name = targetOf(button);
    return inDialog(page, `End the silence of ${name}`, {
      body: [el('p', {}, `Who is told of alerts is told of ${name} again.`)],
      go: 'End silence',
      run: () => endSilence(button.getAttribute('data-id') ?? ''),
      done: `${name} is told again.`,
    });
  },
  heal: ({ document, hear }) => healByHand(document, hear),
  'copy-json': (_, button) => copyBy(button, button.closest('details')?.querySelector('pre')?.textContent ?? ''),
  'copy-curl': (_, button) =>
    copyBy(button, curlLine(location.origin, `/self/heal/runs/${encodeURIComponent(targetOf(button))}`)),
};

/** One thing to do, as it is asked for, done and undone. */
interface Deed {
  readonly body: readonly Child[];
  readonly go: string;
  readonly run: (fields: Readonly<Record<string, string>>) => Promise<Outcome>;
  readonly done: string;
  readonly undo?: {
    readonly label: string;
    /** Undoes it, by what the node answered. */
    readonly run: (answer: unknown) => Promise<Outcome>;
    readonly done: string;
  };
}

async function inDialog({ document, changed }: ActingPage, title: string, deed: Deed): Promise<string | undefined> {
  const dialog = Dialog.open(document, title);
  const fields = await dialog?.ask(deed.body, deed.go);
  if (dialog === undefined || fields === undefined) return undefined;
  dialog.show([el('p', {}, 'Asking the node …')]);
  const outcome = await deed.run(fields);
  changed();
  if (!outcome.ok) {
    await dialog.tell(outcome.words, []);
    return outcome.words;
  }
  if (!(await dialog.tell(deed.done, [], deed.undo?.label)) || deed.undo === undefined) return deed.done;
  dialog.show([el('p', {}, 'Asking the node …')]);
  const undone = await deed.undo.run(outcome.body);
  changed();
  const words = undone.ok ? deed.undo.done : undone.words;
  await dialog.tell(words, []);
  return words;
}

/** Says what came of it on the button as well: what the page says may be out of sight. */
async function copyBy(button: PageElement, text: string): Promise<string> {
  const words = await copyText(text);
  const label = button.textContent;
  if (words !== COPIED || label === words) return words;
  button.textContent = words;
  setTimeout(() => {
    button.textContent = label;
  }, SEEN_MS);
  return words;
}

function targetOf(button: PageElement): string {
  return button.getAttribute('data-target') ?? '';
}
