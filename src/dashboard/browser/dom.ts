import { type Child } from '../domain/element.js';

/*
 * The few parts of the browser's interface that the page uses. The compiler knows them from here
 * and not from its own library, which would declare them for the whole of the node as well.
 */

/** Something the reader did. */
export interface PageEvent {
  readonly target: { getAttribute?(name: string): string | null } | null;
}

/** An element in the browser. */
export interface PageElement {
  textContent: string | null;
  hidden: boolean;
  setAttribute(name: string, value: string): void;
  append(...nodes: (PageElement | string)[]): void;
  replaceChildren(...nodes: (PageElement | string)[]): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

/** The document in the browser. */
export interface PageDocument {
  title: string;
  readonly visibilityState: 'visible' | 'hidden';
  readonly body: PageElement;
  getElementById(id: string): PageElement | null;
  createElement(tag: string): PageElement;
  createElementNS(namespace: string, tag: string): PageElement;
  addEventListener(type: string, listener: () => void): void;
  getSelection(): { selectAllChildren(element: PageElement): void } | null;
  execCommand(command: string): boolean;
}

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path']);

/** Makes the browser's own node of a part of a page; texts stay texts. */
export function toDom(document: PageDocument, child: Child): PageElement | string {
  if (typeof child === 'string') return child;
  const { tag, attributes, children } = child;
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((inner) => toDom(document, inner)));
  return element;
}
