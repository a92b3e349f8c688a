import { type ChildPlan, planChildren } from '../domain/child-plan.js';
import { type Child, type Element, joinTexts } from '../domain/element.js';
import { type PageDocument, type PageElement, type PageNode, toElement } from './dom.js';

const ELEMENT = 1;
const TEXT = 3;
const TEXT_KEY = '#text';
/** What the reader has done to an element, which no news undoes. */
const READERS_OWN: Readonly<Record<string, string>> = { details: 'open' };

/**
 * Makes the children of an element what is wanted, by changing what is there: what stays the same is not touched, so
 * that focus, selection and what the reader has opened stay too. Rows are told apart by `data-key` or `id`.
 */
export function morph(document: PageDocument, parent: PageElement, wanted: readonly Child[]): void {
  const focused = document.activeElement;
  const inside = focused !== null && focused !== parent && parent.contains(focused);
  const selection = document.getSelection();
  const selected = selection === null || selection.isCollapsed ? null : selection.anchorNode;
  new Morph(document, parent.contains(selected) ? selected : focused).children(parent, wanted);
  if (!inside || document.activeElement === focused) return;
  // It was moved, which takes the focus from it, or it is gone: then the reader goes on where it was.
  if (focused.isConnected) focused.focus({ preventScroll: true });
  else {
    parent.setAttribute('tabindex', '-1');
    parent.focus({ preventScroll: true });
  }
}

class Morph {
  /** @param kept what is not moved, but others around it: to be moved ends a selection */
  constructor(
    private readonly document: PageDocument,
    private readonly kept: PageNode | null,
  ) {}

  children(parent: PageElement, children: readonly Child[]): void {
    const wanted = joinTexts(children);
    const there = [...parent.childNodes];
    const kept = there.findIndex((node) => node.contains(this.kept));
    const plan = planChildren(there.map(keyOfNode), wanted.map(keyOfChild), kept);
    const used = new Set(plan.from);
    there.forEach((node, place) => {
      if (!used.has(place)) node.remove();
    });
    const nodes = wanted.map((child, n) => this.#become(there[plan.from[n] ?? -1], child));
    place(parent, plan, nodes);
  }

  /** Makes a node what is wanted, or a new one where there is none. */
  #become(node: PageNode | undefined, child: Child): PageNode {
    if (typeof child === 'string') {
      if (node === undefined) return this.document.createTextNode(child);
      if (node.nodeValue !== child) node.nodeValue = child;
      return node;
    }
    if (node === undefined) return toElement(this.document, child);
    const element = node as PageElement;
    becomeAttributes(element, child);
    this.children(element, child.children);
    return element;
  }
}

/** Puts the nodes in order; those that can stay do. */
function place(parent: PageElement, { stay }: ChildPlan, nodes: readonly PageNode[]): void {
  let next = parent.firstChild;
  nodes.forEach((node, n) => {
    if (stay.has(n) || node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
  });
}

function becomeAttributes(element: PageElement, { tag, attributes }: Element): void {
  for (const [name, value] of Object.entries(attributes))
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  for (const { name } of [...element.attributes])
    if (!(name in attributes) && READERS_OWN[tag] !== name) element.removeAttribute(name);
}

function keyOfNode(node: PageNode): string {
  if (node.nodeType === TEXT) return TEXT_KEY;
  if (node.nodeType !== ELEMENT) return '#other';
  const element = node as PageElement;
  return keyOf(element.localName, element.getAttribute('data-key') ?? element.getAttribute('id'));
}

function keyOfChild(child: Child): string {
  if (typeof child === 'string') return TEXT_KEY;
  return keyOf(child.tag, child.attributes['data-key'] ?? child.attributes['id'] ?? null);
}

function keyOf(tag: string, name: string | null): string {
  return name === null ? tag : `${tag} ${name}`;
}
