import { type Child, el, toHtml } from './element.js';

/** What a page has besides its body. */
export interface PageFrame {
  readonly title: string;
  readonly favicon: string;
  /** Address of the style sheet. */
  readonly style: string;
  /** Address of what runs before anything is drawn. */
  readonly early?: string;
  /** Addresses of the program's modules, the one to run first; none for a page that stands still. */
  readonly scripts: readonly string[];
}

/** A whole HTML document. */
export function htmlPage({ title, favicon, style, early, scripts }: PageFrame, ...body: Child[]): string {
  const [first, ...more] = scripts;
  const head = [
    el('meta', { charset: 'utf-8' }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('meta', { name: 'color-scheme', content: 'light dark' }),
    el('title', {}, title),
    el('link', { rel: 'icon', id: 'favicon', href: favicon }),
    // Stands before what it colours, and is waited for: no page flashes in colours that the reader has not chosen.
    ...(early === undefined ? [] : [el('script', { src: early })]),
    el('link', { rel: 'stylesheet', href: style }),
    // The browser asks for all modules at once instead of one after the other.
    ...more.map((href) => el('link', { rel: 'modulepreload', href })),
    ...(first === undefined ? [] : [el('script', { type: 'module', src: first })]),
  ];
  return `<!doctype html>\n${toHtml(el('html', { lang: 'en' }, el('head', {}, ...head), el('body', {}, ...body)))}\n`;
}
