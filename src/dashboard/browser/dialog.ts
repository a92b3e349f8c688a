import { dialogButtons, dialogFrame } from '../domain/dialogs/dialog-frame.js';
import { type Child } from '../domain/element.js';
import { type PageDocument, type PageElement, type PageField, toElement } from './dom.js';
import { morph } from './morph.js';

interface DialogElement extends PageElement {
  showModal(): void;
  close(): void;
}

/** What was filled in, by the names of the fields. */
export type Fields = Readonly<Record<string, string>>;

/** A dialog over the page: keeps the focus while it is open, and gives it back. One at a time. */
export class Dialog {
  static #open: Dialog | undefined;
  readonly #element: DialogElement;
  #answer: (fields: Fields | undefined) => void = () => undefined;
  #closed = false;

  /** Opens it; undefined while another is open. */
  static open(document: PageDocument, title: string): Dialog | undefined {
    if (Dialog.#open !== undefined) return undefined;
    return (Dialog.#open = new Dialog(document, title));
  }

  private constructor(
    private readonly document: PageDocument,
    title: string,
  ) {
    this.#element = toElement(document, dialogFrame(title)) as DialogElement;
    document.body.append(this.#element);
    this.#element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#answer(this.#fields());
    });
    this.#element.addEventListener('click', ({ target }) => {
      if ((target?.closest('#dialog-leave') ?? null) !== null) this.#element.close();
    });
    this.#element.addEventListener('close', () => {
      this.#leave();
    });
    this.#element.showModal();
  }

  /** Whether the reader has closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Shows something, says `said`, and asks whether to go on: what was filled in, or undefined when the reader leaves. */
  ask(body: readonly Child[], go: string, said = ''): Promise<Fields | undefined> {
    this.show(body, dialogButtons(go, 'Cancel'));
    this.say(said);
    this.#find('#dialog-body input, #dialog-go')?.focus();
    return this.#next();
  }

  /** Shows what has come of it; resolves with whether the reader wants it undone, where that is offered. */
  async tell(words: string, body: readonly Child[], undo?: string): Promise<boolean> {
    this.show(body, dialogButtons(undo, 'Close'));
    this.say(words);
    this.#find('#dialog-leave')?.focus();
    return (await this.#next()) !== undefined;
  }

  /** Shows something, with the way out alone unless there are other buttons. */
  show(body: readonly Child[], buttons: readonly Child[] = dialogButtons(undefined, 'Close')): void {
    if (this.#closed) return;
    morph(this.document, this.#must('#dialog-body'), body);
    morph(this.document, this.#must('#dialog-buttons'), buttons);
    this.say('');
  }

  /** Says something, also to who cannot see it. */
  say(words: string): void {
    if (!this.#closed) morph(this.document, this.#must('#dialog-said'), [words]);
  }

  /** Hears of each field that the reader changes. */
  onChange(changed: (fields: Fields) => void): void {
    this.#element.addEventListener('change', () => {
      changed(this.#fields());
    });
  }

  #next(): Promise<Fields | undefined> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      if (this.#closed) resolve(undefined);
    });
  }

  #leave(): void {
    this.#closed = true;
    Dialog.#open = undefined;
    this.#element.remove();
    // What opened it may be gone by now, and took the focus with it.
    if (this.document.activeElement === this.document.body) this.document.getElementById('main')?.focus();
    this.#answer(undefined);
  }

  #fields(): Fields {
    const fields: Record<string, string> = {};
    for (const element of this.#element.querySelectorAll('input[name]')) {
      const field = element as PageField;
      const boxed = ['checkbox', 'radio'].includes(field.getAttribute('type') ?? '');
      if (!boxed || field.checked) fields[field.getAttribute('name') ?? ''] = field.value;
    }
    return fields;
  }

  #must(selector: string): PageElement {
    const found = this.#find(selector);
    if (found === null) throw new Error(`the dialog has no ${selector}`);
    return found;
  }

  #find(selector: string): PageElement | null {
    return this.#element.querySelector(selector);
  }
}
