import { healList, plotFrame, rangeChoice } from '../../domain/history/plot-frame.js';
import { historyNote } from '../../domain/history/history-note.js';
import { PLOTS } from '../../domain/history/plots.js';
import { FIRST_RANGE, PLOT_RANGES, rangeOf } from '../../domain/history/ranges.js';
import { el } from '../../domain/element.js';
import { type PageDocument, type PageElement, toDom } from '../dom.js';
import { morph } from '../morph.js';
import { type Ask, askNode, HistoryContact, type HistoryLook } from './history-contact.js';
import { PlotCard } from './plot-card.js';
import { loadPlots, type PlotMaker } from './plot-library.js';
import { onLookChange, onSeen, onSize, readColours } from './page-surroundings.js';

/** Fills the section of the page that shows how the figures came to be; does nothing on a page without one. */
export function mountHistory(document: PageDocument, ask: Ask = askNode): void {
  const section = document.getElementById('history');
  if (section !== null) new HistorySection(document, section, new HistoryContact(ask)).start();
}

class HistorySection {
  #range = rangeOf(FIRST_RANGE);
  #cards: readonly PlotCard[] = [];
  #maker: PlotMaker | undefined;
  #seen = false;
  #nextLook = 0;
  /** Number of the look that counts: the answer to an earlier one is of no use. */
  #look = 0;
  /** Seconds since the epoch that was last heard; undefined before anything was. */
  #heard: number | undefined;

  constructor(
    private readonly document: PageDocument,
    private readonly section: PageElement,
    private readonly contact: HistoryContact,
  ) {}

  start(): void {
    this.#build();
    onSeen(this.section, (seen) => {
      this.#seen = seen;
      this.#tick();
    });
    this.document.addEventListener('visibilitychange', () => {
      this.#tick();
    });
    // The access of the page has changed.
    this.document.addEventListener('l104:look', () => {
      this.contact.forget();
      this.#nextLook = 0;
      this.#tick();
    });
    setInterval(() => {
      this.#tick();
    }, 1000);
  }

  #build(): void {
    const parts = [
      el('h2', { id: 'history-title' }, 'History'),
      rangeChoice(),
      el('p', { id: 'history-note', class: 'span', role: 'status' }, 'Loading …'),
      el('div', { id: 'history-heals' }),
      el('div', { id: 'history-plots', class: 'plots', hidden: '' }, ...PLOTS.map(plotFrame)),
    ];
    this.section.setAttribute('aria-labelledby', 'history-title');
    this.section.replaceChildren(...parts.map((part) => toDom(this.document, part)));
    for (const { id } of PLOT_RANGES) {
      this.#element(`range-${id}`).addEventListener('change', () => {
        this.#range = rangeOf(id);
        void this.#lookNow();
      });
    }
    this.#cards = PLOTS.map((plot) => new PlotCard(plot, this.document, (id) => this.#element(id)));
  }

  /** Nobody looks at a page that is hidden, nor at a part of it that is far away. */
  #tick(): void {
    if (!this.#seen || this.document.visibilityState === 'hidden') return;
    if (performance.now() >= this.#nextLook) void this.#lookNow();
  }

  async #lookNow(): Promise<void> {
    const number = ++this.#look;
    this.#nextLook = performance.now() + this.#range.refreshSeconds * 1000;
    const [found] = await Promise.all([this.contact.look(this.#range), this.#load()]);
    if (number !== this.#look) return;
    this.#show(this.#maker === undefined ? 'lost' : found);
  }

  /** Loads what draws; where that fails it is tried again with the next look. */
  async #load(): Promise<void> {
    if (this.#maker !== undefined) return;
    const { style, maker } = loadPlots();
    if (this.document.getElementById('plots-style') === null) {
      const link = toDom(this.document, el('link', { id: 'plots-style', rel: 'stylesheet', href: style }));
      this.document.body.append(link);
    }
    this.#maker = await maker.catch(() => undefined);
    if (this.#maker === undefined) return;
    onLookChange(this.document, () => {
      this.#draw(true);
    });
    onSize(this.section, () => {
      for (const card of this.#cards) card.fit();
    });
  }

  #show(found: HistoryLook): void {
    const { text, plots } = historyNote(typeof found === 'string' ? found : found.data, this.#heard);
    const note = this.#element('history-note');
    if (note.textContent !== text) note.textContent = text;
    if (typeof found === 'string') {
      this.section.setAttribute('data-history', found);
      if (found === 'refused') this.#element('history-plots').hidden = true;
      return;
    }
    this.section.setAttribute('data-history', 'known');
    this.#heard = found.data.to;
    this.#element('history-plots').hidden = !plots;
    morph(this.document, this.#element('history-heals'), healList(found.marks));
    for (const card of this.#cards) card.know(found.data, found.marks);
    if (plots) this.#draw(false);
  }

  #draw(anew: boolean): void {
    const maker = this.#maker;
    if (maker === undefined || this.#element('history-plots').hidden) return;
    const colours = readColours(this.section);
    for (const card of this.#cards) {
      card.draw(maker, colours, anew);
      card.fit();
    }
  }

  #element(id: string): PageElement {
    const found = this.document.getElementById(id);
    if (found === null) throw new Error(`the page has no ${id}`);
    return found;
  }
}
