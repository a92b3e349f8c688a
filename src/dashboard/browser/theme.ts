import { THEME_KEY, themeOf } from '../domain/theme.js';
import { type PageDocument, type PageField } from './dom.js';
import { keepChoice, keptChoice } from './kept-choice.js';

declare function addEventListener(type: 'storage', listener: (change: { readonly key: string | null }) => void): void;

/** Event on the document after its colours have changed: what draws by itself draws anew. */
export const THEME_EVENT = 'l104:theme';
declare const Event: new (type: string) => object;

/** Lets the reader choose the colours; the choice holds for all tabs and the next time. */
export function mountTheme(document: PageDocument): void {
  const select = document.getElementById('theme') as PageField | null;
  if (select === null) return;
  const apply = (kept: string | null): void => {
    const theme = themeOf(kept);
    select.value = theme;
    if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.setAttribute('data-theme', theme);
    document.dispatchEvent(new Event(THEME_EVENT));
  };
  select.addEventListener('change', () => {
    keepChoice(THEME_KEY, select.value);
    apply(select.value);
  });
  addEventListener('storage', ({ key }) => {
    if (key === THEME_KEY) apply(keptChoice(THEME_KEY));
  });
  select.value = themeOf(keptChoice(THEME_KEY));
}
