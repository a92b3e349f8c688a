import { type PageDocument, type PageElement } from './dom.js';

declare const navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };

/** What is told when a text has been copied. */
export const COPIED = 'Copied.';

/** Copies a text; tells in a word what came of it. */
export async function copyText(text: string): Promise<string> {
  try {
    if (navigator.clipboard === undefined) throw new Error('no clipboard');
    await navigator.clipboard.writeText(text);
    return COPIED;
  } catch {
    return 'This browser does not let the page copy: select the text and copy it with your keyboard.';
  }
}

/** Copies what an element says. Where the browser keeps the clipboard from pages without TLS, it is at least selected. */
export async function copyElement(document: PageDocument, element: PageElement): Promise<string> {
  const told = await copyText(element.textContent ?? '');
  if (told === COPIED) return told;
  document.getSelection()?.selectAllChildren(element);
  return document.execCommand('copy') ? COPIED : 'Selected: copy it with your keyboard.';
}
