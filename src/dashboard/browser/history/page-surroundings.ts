import { type LineTone } from '../../domain/history/plots.js';
import { type PageDocument, type PageElement } from '../dom.js';
import { THEME_EVENT } from '../theme.js';
import { type PlotColours } from './plot-options.js';

interface Media {
  readonly matches: boolean;
  addEventListener(type: 'change', listener: () => void): void;
}

declare function matchMedia(query: string): Media;
declare function getComputedStyle(element: PageElement): { getPropertyValue(name: string): string };
declare const IntersectionObserver: new (
  told: (entries: readonly { readonly isIntersecting: boolean }[]) => void,
  options: { rootMargin: string },
) => { observe(element: PageElement): void };
declare const ResizeObserver: new (told: () => void) => { observe(element: PageElement): void };

/** What is this near to the screen counts as seen, so that it is there when it is. */
const NEAR = '300px';

/** Tells whether an element is on the screen, now and at every change. */
export function onSeen(element: PageElement, told: (seen: boolean) => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      told(entries.at(-1)?.isIntersecting === true);
    },
    { rootMargin: NEAR },
  );
  observer.observe(element);
}

/** Tells of every change of the size of an element. */
export function onSize(element: PageElement, told: () => void): void {
  new ResizeObserver(told).observe(element);
}

/** Tells when the reader has chosen other colours. */
export function onLookChange(document: PageDocument, told: () => void): void {
  document.addEventListener(THEME_EVENT, told);
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(min-resolution: 1.5dppx)']) {
    matchMedia(query).addEventListener('change', told);
  }
}

/** Colours of an element as they are now; those of the system where the reader has forced them. */
export function readColours(element: PageElement): PlotColours {
  const forced = matchMedia('(forced-colors: active)').matches;
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: forced ? 'CanvasText' : read('--quiet'),
    grid: forced ? 'GrayText' : read('--line'),
    font: '12px system-ui, sans-serif',
    // Dashes tell lines apart where there is one colour only.
    line: (tone: LineTone) => (forced ? 'CanvasText' : read(`--${tone}`)),
  };
}
