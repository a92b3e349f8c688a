import { type Child, joinTexts } from '../domain/element.js';

/*
 * The few parts of the browser's interface that the page uses. The compiler knows them from here
 * and not from its own library, which would declare them for the whole of the node as well.
 */

/** Something the reader did. */
export interface PageEvent {
  readonly target: PageElement | null;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  preventDefault(): void;
}

/** A text or an element in the browser. */
export interface PageNode {
  readonly nodeType: number;
  nodeValue: string | null;
  readonly nextSibling: PageNode | null;
  readonly isConnected: boolean;
  contains(other: PageNode | null): boolean;
  remove(): void;
}

/** An element in the browser. */
export interface PageElement extends PageNode {
  textContent: string | null;
  hidden: boolean;
  readonly localName: string;
  readonly childNodes: Iterable<PageNode>;
  readonly firstChild: PageNode | null;
  readonly attributes: Iterable<{ readonly name: string }>;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  append(...nodes: (PageNode | string)[]): void;
  replaceChildren(...nodes: (PageNode | string)[]): void;
  insertBefore(node: PageNode, before: PageNode | null): void;
  focus(options?: { preventScroll: boolean }): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

/** A field of a form. */
export interface PageField extends PageElement {
  value: string;
  checked: boolean;
}

/** What the reader has selected. */
export interface PageSelection {
  readonly isCollapsed: boolean;
  readonly anchorNode: PageNode | null;
  selectAllChildren(element: PageElement): void;
}

/** The document in the browser. */
export interface PageDocument {
  title: string;
  readonly visibilityState: 'visible' | 'hidden';
  readonly body: PageElement;
  readonly documentElement: PageElement;
  readonly activeElement: PageElement | null;
  getElementById(id: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  createElement(tag: string): PageElement;
  createElementNS(namespace: string, tag: string): PageElement;
  createTextNode(text: string): PageNode;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
  getSelection(): PageSelection | null;
  execCommand(command: string): boolean;
  dispatchEvent(event: object): boolean;
}

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'g', 'rect', 'line', 'circle', 'polyline', 'polygon']);

/** Makes the browser's own element of a part of a page. */
export function toElement(document: PageDocument, { tag, attributes, children }: Exclude<Child, string>): PageElement {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...joinTexts(children).map((inner) => toDom(document, inner)));
  return element;
}

/** Makes the browser's own node of a part of a page; texts stay texts. */
export function toDom(document: PageDocument, child: Child): PageElement | string {
  return typeof child === 'string' ? child : toElement(document, child);
}
