import { type Child, el, sameParts } from '../domain/element.js';
import { type PageFacts, type RegionName, regionsOf } from '../domain/page-regions.js';
import { filterRows, filterWords } from '../domain/row-filter.js';
import { icon } from '../domain/state-sign.js';
import { isIdle, type StatusView } from '../domain/status-view.js';
import { type PageDocument, type PageElement, type PageField, toDom } from './dom.js';
import { morph } from './morph.js';

/** Screen readers read each announcement to its end: no more than one in this time, ms. */
const ANNOUNCE_MS = 10_000;
/** How long the page says what has come of something, ms. */
const SAID_MS = 20_000;

/** Puts what is known on the screen and touches only what has changed. */
export class Screen {
  readonly #shown = new Map<string, readonly Child[]>();
  /** Title of the last state that was read out: it names the state and nothing that counts. */
  #announced = '';
  #announcedAt = Number.NEGATIVE_INFINITY;

  #filter = '';
  #targets: readonly Child[] | undefined;
  #saying: NodeJS.Timeout | undefined;

  constructor(private readonly document: PageDocument) {}

  /** An element that the node has put on the page. */
  element(id: string): PageElement {
    const found = this.document.getElementById(id);
    if (found === null) throw new Error(`the page has no ${id}`);
    return found;
  }

  /** Sets a text. */
  text(id: string, text: string): void {
    this.#fill(id, [text]);
  }

  /** Shows or hides an element. */
  show(id: string, shown: boolean): void {
    const element = this.element(id);
    if (element.hidden === shown) element.hidden = !shown;
  }

  /** Shows whether what is on the screen is of now. */
  contact(lost: boolean): void {
    this.#set(this.document.body, 'data-contact', lost ? 'lost' : 'live');
    this.show('retry', lost);
  }

  /** Says what has come of something; what has been said for a while is no news. */
  say(words: string): void {
    this.text('done', words);
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => {
      this.text('done', '');
    }, SAID_MS);
  }

  /** Lets the reader filter the targets. */
  mountFilter(): void {
    const field = this.element('filter') as PageField;
    const filter = (wanted: string): void => {
      this.#filter = wanted;
      field.value = wanted;
      if (this.#targets !== undefined) this.#fillTargets(this.#targets);
    };
    field.addEventListener('input', () => {
      filter(field.value);
    });
    field.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') filter('');
    });
    for (const id of ['filter-line', 'controls']) this.show(id, true);
  }

  /** Everything but the status. */
  facts(facts: PageFacts): void {
    for (const [name, content] of Object.entries(regionsOf(facts)) as [RegionName, readonly Child[]][]) {
      if (name === 'targets') this.#fillTargets(content);
      else this.#fill(name, content);
    }
    this.show('try', isIdle(facts.health));
  }

  /** The status, at `now` on a clock that only moves forward. A new state is read out, soon but not too often. */
  status({ state, tone, lead, rest, title, favicon }: StatusView, now: number): void {
    const news = this.#announced !== title;
    const first = this.#announced === '';
    const loud = news && !first && now - this.#announcedAt >= ANNOUNCE_MS;
    // Numbers that grow are shown, but are not worth interrupting a reader for.
    this.#set(this.element('sentence'), 'aria-live', loud ? 'polite' : 'off');
    this.#fill('sentence', [el('strong', {}, lead), ` ${rest}`], loud);
    if (loud || first) {
      this.#announced = title;
      this.#announcedAt = first ? Number.NEGATIVE_INFINITY : now;
    }
    this.#set(this.element('status'), 'data-tone', tone);
    this.#set(this.element('favicon'), 'href', favicon);
    this.#fill('sign', [icon(state)]);
    if (this.document.title !== title) this.document.title = title;
  }

  #fillTargets(content: readonly Child[]): void {
    this.#targets = content;
    const filtered = filterRows(content, this.#filter);
    this.#fill('targets', filtered.parts);
    this.text('filter-found', filterWords(filtered, this.#filter));
  }

  #set(element: PageElement, name: string, value: string): void {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  /** Reading out wants something new to be there, also where the words stay the same. */
  #fill(id: string, content: readonly Child[], loud = false): void {
    const shown = this.#shown.get(id);
    if (!loud && shown !== undefined && sameParts(shown, content)) return;
    this.#shown.set(id, content);
    const element = this.element(id);
    if (loud) element.replaceChildren(...content.map((child) => toDom(this.document, child)));
    else morph(this.document, element, content);
  }
}
