import { type HealthReading } from '../domain/node-reading.js';
import { FRESH_MS, liveness, refreshOf, seconds } from '../domain/live/liveness.js';
import { LookPlan } from '../domain/live/look-plan.js';
import { type ServerEvent } from '../domain/live/sse-reader.js';
import { type Readings } from '../domain/readings.js';
import { lostStatus, statusOf } from '../domain/status-view.js';
import { listen } from './actions.js';
import { copyElement } from './clipboard.js';
import { Contact } from './contact.js';
import { type PageDocument } from './dom.js';
import { mountHistory } from './history/mount-history.js';
import { mountKeyboard } from './keyboard.js';
import { SharedEvents } from './live/shared-events.js';
import { Screen } from './screen.js';
import { mountTheme } from './theme.js';

declare const document: PageDocument;
declare const location: { readonly search: string };

/** Least time between two looks, ms: as soon as it happens is well below the second in which alerts are read. */
const GAP_MS = 500;
/** Longest time between two looks while the node does not answer, ms. */
const LOST_MS = 5000;
/** Name of the event that tells how far a heal is. */
const PROGRESS = 'heal_progress';

type Known = Readings & { readonly health: HealthReading };

/** Keeps the page true: looks at the node while the page is seen, at once when it tells of something, and says so when it cannot. */
class Page {
  readonly #everyMs = refreshOf(location.search);
  readonly #looks = new LookPlan(this.#everyMs, GAP_MS);
  readonly #screen = new Screen(document);
  readonly #contact = new Contact(() => {
    this.#events.accessChanged();
  });
  readonly #events = new SharedEvents(document, {
    event: (event) => {
      for (const listener of this.#listeners) listener(event);
      // How far a heal is changes nothing else; its end is told by itself.
      if (event.name !== PROGRESS) this.#lookSoon();
    },
    // Something may have happened while nobody followed, or the node may be gone.
    state: () => {
      this.#lookSoon();
    },
    access: () => {
      this.#contact.forget();
      this.#lookSoon();
    },
  });
  /** Dialogs that follow what happens; one at a time. */
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #known: Known | undefined;
  /** When the node last answered, on the clock of the day and on one that only moves forward. */
  #heard = { wall: Date.now(), mono: performance.now() };
  #lost = false;

  start(): void {
    document.addEventListener('visibilitychange', () => {
      this.#lookSoon();
    });
    document.addEventListener('l104:look', () => {
      this.#contact.forget();
      this.#events.accessChanged();
      this.#lookSoon();
    });
    const look = (): void => {
      this.#lookSoon();
    };
    listen(this.#screen.element('main'), {
      document,
      said: (words) => {
        this.#screen.say(words);
      },
      changed: look,
      hear: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    });
    mountKeyboard(document, look);
    mountTheme(document);
    this.#screen.mountFilter();
    this.#screen.element('retry-now').addEventListener('click', look);
    const command = this.#screen.element('command');
    this.#screen.element('copy').addEventListener('click', () => {
      void copyElement(document, command).then((told) => {
        this.#screen.text('copied', told);
      });
    });
    this.#screen.show('copy', true);
    setInterval(() => {
      this.#tick();
    }, 1000);
    this.#tick();
    this.#events.start();
  }

  #tick(): void {
    if (document.visibilityState === 'hidden') return;
    const now = performance.now();
    if (this.#looks.begin(now)) void this.#look();
    this.#drawContact();
  }

  #lookSoon(): void {
    const now = performance.now();
    this.#looks.want(now);
    if (this.#looks.next <= now) this.#tick();
    else
      setTimeout(() => {
        this.#tick();
      }, this.#looks.next - now);
  }

  async #look(): Promise<void> {
    try {
      this.#known = await this.#contact.look();
      this.#heard = { wall: Date.now(), mono: performance.now() };
      this.#lost = false;
    } catch {
      this.#lost = true;
    }
    const now = performance.now();
    this.#looks.end(now, this.#lost ? Math.min(this.#everyMs, LOST_MS) : this.#everyMs);
    if (this.#looks.next <= now + GAP_MS) this.#lookSoon();
    this.#drawFacts();
    this.#drawContact();
  }

  /** What the last look has told; between looks it stays as it is. */
  #drawFacts(): void {
    const now = performance.now();
    if (this.#known !== undefined) this.#screen.facts({ ...this.#known, now: this.#heard.wall, clock });
    if (this.#lost) this.#screen.status(lostStatus(clock(this.#heard.wall)), now);
    else if (this.#known !== undefined) this.#screen.status(statusOf(this.#known.health), now);
  }

  #drawContact(): void {
    const now = performance.now();
    const age = now - this.#heard.mono;
    const state = { lost: this.#lost, heard: this.#known !== undefined, ageMs: age };
    this.#screen.contact(this.#lost);
    this.#screen.text('live', liveness({ ...state, stream: this.#events.state, everyMs: this.#everyMs }));
    this.#screen.text('age', age > FRESH_MS ? `as of ${clock(this.#heard.wall)}, ${seconds(age)} ago` : '');
    const wait = seconds(Math.max(1000, this.#looks.next - now));
    this.#screen.text('retry-text', this.#looks.looking ? 'Trying now …' : `Trying again in ${wait}.`);
  }
}

/** A point in time on the reader's clock; with its date when that is not today. */
function clock(ms: number): string {
  const moment = new Date(ms);
  const today = moment.toDateString() === new Date().toDateString();
  return today ? moment.toLocaleTimeString() : moment.toLocaleString();
}

new Page().start();
mountHistory(document);
