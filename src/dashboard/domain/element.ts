/** A part of a page: an element, or a text that is shown as it is. */
export type Child = Element | string;

/** An element of a page before it is HTML (on the node) or DOM (in the browser). */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Child[];
}

/** Makes an element. Attribute names are the program's own; values and texts may hold anything. */
export function el(tag: string, attributes: Readonly<Record<string, string>> = {}, ...children: Child[]): Element {
  return { tag, attributes, children };
}

const WITHOUT_END = new Set(['meta', 'link', 'br', 'input']);
const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The HTML of a part of a page; texts and attribute values are escaped. */
export function toHtml(child: Child): string {
  if (typeof child === 'string') return escapeHtml(child);
  const { tag, attributes, children } = child;
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  const start = `<${tag}${pairs.join('')}>`;
  return WITHOUT_END.has(tag) ? start : `${start}${children.map(toHtml).join('')}</${tag}>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITY[character] ?? '');
}

/** Parts of a page without empty texts and with neighbouring texts as one, as a browser reads them from HTML. */
export function joinTexts(children: readonly Child[]): Child[] {
  const joined: Child[] = [];
  for (const child of children) {
    const last = joined.at(-1);
    if (typeof child === 'string' && typeof last === 'string') joined[joined.length - 1] = last + child;
    else if (child !== '') joined.push(child);
  }
  return joined;
}

/** Whether two lists of parts look the same. */
export function sameParts(some: readonly Child[], others: readonly Child[]): boolean {
  return some.length === others.length && some.every((one, n) => samePart(one, others[n]));
}

function samePart(one: Child, other: Child | undefined): boolean {
  if (one === other) return true;
  if (typeof one === 'string' || typeof other !== 'object' || one.tag !== other.tag) return false;
  const names = Object.keys(one.attributes);
  return (
    names.length === Object.keys(other.attributes).length &&
    names.every((name) => one.attributes[name] === other.attributes[name]) &&
    sameParts(one.children, other.children)
  );
}
