import { type Child, type Element, el } from './element.js';
import { icon, type PageState } from './state-sign.js';

/** How a row of a list is told apart from others and from itself at another time. */
interface RowLook {
  /** The same at each drawing. */
  readonly key: string;
  readonly tone: string;
  readonly sign: PageState;
}

/** A row of a list: a sign, what is said, and what stands beside it. */
export function iconRow({ key, tone, sign }: RowLook, said: readonly Child[], ...beside: Child[]): Element {
  return el('li', { 'data-tone': tone, 'data-key': key }, icon(sign), el('div', {}, ...said), ...beside);
}
