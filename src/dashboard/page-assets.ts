import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { createRequire } from 'node:module';
import { Injectable } from '@nestjs/common';
import { PLOTS_STYLE } from './browser/history/plots-style.js';
import { CONTENT_STYLE } from './browser/content-style.js';
import { CONTROLS_STYLE } from './browser/controls-style.js';
import { SESSION_STYLE } from './browser/session-style.js';
import { STYLE } from './browser/style.js';
import { EARLY_THEME } from './domain/theme.js';

/** A file that a page loads. */
export interface PageAsset {
  readonly type: string;
  readonly body: string;
  /** The body compressed. */
  readonly gzip: Buffer;
  /** Hash of the body, quoted as an `ETag` is. */
  readonly etag: string;
}

const BASE = '/assets/';
const STYLE_NAME = 'page.css';
const PAGE_STYLE = STYLE + CONTENT_STYLE + CONTROLS_STYLE + SESSION_STYLE;
/** What draws plots and how they look: asked for only where there is something to plot. */
const PLOT_LIBRARY_NAME = 'uplot.js';
const PLOTS_STYLE_NAME = 'plots.css';

/**
 * The browser's modules, the one to run first, by their place under `src`: addresses mirror
 * folders, so that what one imports from another is found, and code shared with the node is served
 * as the node runs it. Only what is listed here is served.
 */
const SCRIPT_NAMES = [
  'dashboard/browser/page.js',
  'dashboard/browser/actions.js',
  'dashboard/browser/admin-contact.js',
  'dashboard/browser/clipboard.js',
  'dashboard/browser/contact.js',
  'dashboard/browser/dom.js',
  'dashboard/browser/live/event-stream.js',
  'dashboard/browser/live/shared-events.js',
  'dashboard/browser/morph.js',
  'dashboard/browser/screen.js',
  'dashboard/browser/session.js',
  'dashboard/browser/history/history-contact.js',
  'dashboard/browser/history/mount-history.js',
  'dashboard/browser/history/page-surroundings.js',
  'dashboard/browser/history/plot-card.js',
  'dashboard/browser/history/plot-library.js',
  'dashboard/browser/history/plot-options.js',
  'dashboard/domain/admin-reading.js',
  'dashboard/domain/admin-regions.js',
  'dashboard/domain/child-plan.js',
  'dashboard/domain/element.js',
  'dashboard/domain/moment.js',
  'dashboard/domain/history/figure-text.js',
  'dashboard/domain/history/heal-marks.js',
  'dashboard/domain/history/history-note.js',
  'dashboard/domain/history/plot-data.js',
  'dashboard/domain/history/plot-frame.js',
  'dashboard/domain/history/plot-table.js',
  'dashboard/domain/history/plots.js',
  'dashboard/domain/history/ranges.js',
  'dashboard/domain/history/scales.js',
  'dashboard/domain/history/summary.js',
  'dashboard/domain/history/thinning.js',
  'dashboard/domain/history/time-text.js',
  'dashboard/domain/live/liveness.js',
  'dashboard/domain/live/look-plan.js',
  'dashboard/domain/live/pause.js',
  'dashboard/domain/live/sse-reader.js',
  'dashboard/domain/live/tab-message.js',
  'dashboard/domain/node-reading.js',
  'dashboard/domain/page-regions.js',
  'dashboard/domain/readings.js',
  'dashboard/domain/session-form.js',
  'dashboard/domain/state-sign.js',
  'dashboard/domain/status-view.js',
  'dashboard/browser/dialog.js',
  'dashboard/browser/heal-by-hand.js',
  'dashboard/browser/keyboard.js',
  'dashboard/browser/kept-choice.js',
  'dashboard/browser/theme.js',
  'dashboard/domain/curl-line.js',
  'dashboard/domain/dialogs/dialog-frame.js',
  'dashboard/domain/dialogs/heal-plan.js',
  'dashboard/domain/dialogs/heal-progress.js',
  'dashboard/domain/dialogs/help-dialog.js',
  'dashboard/domain/problem.js',
  'dashboard/domain/row-filter.js',
  'dashboard/domain/shortcuts.js',
  'dashboard/domain/theme.js',
  'dashboard/domain/day-bar.js',
  'dashboard/domain/feel-region.js',
  'dashboard/domain/forecast-region.js',
  'dashboard/domain/json.js',
  'dashboard/domain/icon-row.js',
  'dashboard/domain/key-rows.js',
  'dashboard/domain/limits-region.js',
  'dashboard/domain/not-read.js',
  'dashboard/domain/overview-reading.js',
  'dashboard/domain/quantity.js',
  'dashboard/domain/recent-reading.js',
  'dashboard/domain/since-region.js',
  'dashboard/domain/sparkline.js',
  'dashboard/domain/targets-region.js',
  'dashboard/domain/told-once.js',
  'dashboard/domain/vital-names.js',
  'dashboard/domain/vitals-region.js',
  'kernel/duration.js',
  'kernel/likelihood-text.js',
  'kernel/situation.js',
];

/** Address of what colours a page as its reader has chosen, before it is drawn. */
export const EARLY_ADDRESS = `${BASE}early.js`;

/** Address of the style sheet of every page. */
export const STYLE_ADDRESS = BASE + STYLE_NAME;

/** Addresses of the modules of the first page, the one to run first. */
export const SCRIPT_ADDRESSES: readonly string[] = SCRIPT_NAMES.map((name) => BASE + name);

/** Gives out the style sheet and the browser's modules. */
@Injectable()
export class PageAssets {
  readonly #read = new Map<string, Promise<PageAsset>>();

  /** An asset by its name under `/assets/`; undefined when there is none. */
  find(name: string): Promise<PageAsset> | undefined {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const asset = read(name);
    if (asset !== undefined) this.#read.set(name, asset);
    return asset;
  }
}

function read(name: string): Promise<PageAsset> | undefined {
  if (BASE + name === EARLY_ADDRESS) return Promise.resolve(asset('text/javascript', EARLY_THEME));
  if (name === STYLE_NAME) return Promise.resolve(asset('text/css', PAGE_STYLE));
  if (name === PLOT_LIBRARY_NAME) return plotLibrary();
  if (name === PLOTS_STYLE_NAME) return plotsStyle();
  if (!SCRIPT_NAMES.includes(name)) return undefined;
  return compiled(new URL(`../${name}`, import.meta.url)).then((code) => asset('text/javascript', code));
}

/** The library as its makers have shrunk it, which is a script, made a module. */
async function plotLibrary(): Promise<PageAsset> {
  return asset('text/javascript', `${await installed('uplot/dist/uPlot.iife.min.js')}\nexport default uPlot;\n`);
}

async function plotsStyle(): Promise<PageAsset> {
  return asset('text/css', `${await installed('uplot/dist/uPlot.min.css')}\n${PLOTS_STYLE}`);
}

function installed(file: string): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve(file), 'utf8');
}

/**
 * A module as the compiler emitted it beside this one. Where this one runs as TypeScript, as in
 * tests, nothing was emitted: then it is compiled here, by the compiler that is installed there.
 */
async function compiled(file: URL): Promise<string> {
  if (!import.meta.url.endsWith('.ts')) {
    // The emitted files name source maps, which are not served.
    return (await readFile(file, 'utf8')).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  }
  const source = await readFile(new URL(file.href.replace(/\.js$/, '.ts')), 'utf8');
  const { default: typescript } = await import('typescript');
  const { ES2023: target } = typescript.ScriptTarget;
  return typescript.transpileModule(source, { compilerOptions: { target, module: typescript.ModuleKind.ESNext } })
    .outputText;
}

function asset(type: string, body: string): PageAsset {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { type: `${type}; charset=utf-8`, body, gzip: gzipSync(body), etag: `"${hash}"` };
}
