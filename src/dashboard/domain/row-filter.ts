import { type Child, type Element } from './element.js';

/** Parts of a page of which only the rows with a text are shown, and how many those are. */
export interface Filtered {
  readonly parts: readonly Child[];
  readonly shown: number;
  readonly rows: number;
}

/** Hides the rows, which are the outermost parts with a `data-key`, that hold a text nowhere; case does not matter. */
export function filterRows(parts: readonly Child[], wanted: string): Filtered {
  const text = wanted.trim().toLowerCase();
  const found = { shown: 0, rows: 0 };
  const filtered = parts.map((part) => filterPart(part, text, found));
  return { parts: filtered, ...found };
}

function filterPart(part: Child, text: string, found: { shown: number; rows: number }): Child {
  if (typeof part === 'string') return part;
  if (part.attributes['data-key'] === undefined)
    return { ...part, children: part.children.map((child) => filterPart(child, text, found)) };
  found.rows += 1;
  if (textOf(part).toLowerCase().includes(text)) {
    found.shown += 1;
    return part;
  }
  return { ...part, attributes: { ...part.attributes, hidden: '' } };
}

function textOf({ children }: Element): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

/** What the filter has found, in words; empty while nothing is filtered. */
export function filterWords({ shown, rows }: Filtered, wanted: string): string {
  return wanted.trim() === '' ? '' : `${shown} of ${rows} shown`;
}
