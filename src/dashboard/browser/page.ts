import { lostStatus, statusOf } from '../domain/status-view.js';
import { type HealthReading } from '../domain/node-reading.js';
import { type Readings } from '../domain/readings.js';
import { listen } from './actions.js';
import { follow } from './admin-contact.js';
import { Contact } from './contact.js';
import { type PageDocument } from './dom.js';
import { mountHistory } from './history/mount-history.js';
import { Screen } from './screen.js';
import { mountSession } from './session.js';

declare const document: PageDocument;
declare const navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };

/** Time between two looks at the node, ms. */
const LOOK_MS = 5000;
/** Figures older than this say how old they are, ms. */
const FRESH_MS = 10_000;

type Known = Readings & { readonly health: HealthReading };

/** Keeps the page true: looks at the node while the page is seen, and says so when it cannot. */
class Page {
  readonly #screen = new Screen(document);
  readonly #contact = new Contact();
  #known: Known | undefined;
  /** When the node last answered, on the clock of the day and on one that only moves forward. */
  #heard = { wall: Date.now(), mono: performance.now() };
  #lost = false;
  #looking = false;
  #nextLook = 0;
  #following: AbortController | undefined;

  start(): void {
    document.addEventListener('l104:look', () => {
      this.#contact.forget();
      this.#nextLook = 0;
      this.#tick();
    });
    document.addEventListener('visibilitychange', () => {
      this.#nextLook = 0;
      // A page that nobody sees keeps no connection: a browser has six for one address.
      if (document.visibilityState === 'hidden') this.#following?.abort();
      this.#tick();
    });
    const again = (): void => {
      this.#nextLook = 0;
      this.#tick();
    };
    listen(
      this.#screen.element('main'),
      (words) => {
        this.#screen.text('done', words);
      },
      again,
    );
    this.#screen.element('retry-now').addEventListener('click', () => void this.#look());
    this.#screen.element('copy').addEventListener('click', () => void this.#copy());
    this.#screen.show('copy', true);
    setInterval(() => {
      this.#tick();
    }, 1000);
    this.#tick();
  }

  #tick(): void {
    if (document.visibilityState === 'hidden') return;
    if (performance.now() >= this.#nextLook) void this.#look();
    this.#draw();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#known = await this.#contact.look();
      this.#heard = { wall: Date.now(), mono: performance.now() };
      this.#lost = false;
      this.#follow();
    } catch {
      this.#lost = true;
    }
    this.#looking = false;
    this.#nextLook = performance.now() + LOOK_MS;
    this.#draw();
  }

  /** Hears at once of what happens, where that is allowed; else the page looks from time to time. */
  #follow(): void {
    if (this.#following !== undefined || typeof this.#known?.targets !== 'object') return;
    const following = new AbortController();
    this.#following = following;
    void follow(() => {
      this.#nextLook = 0;
      this.#tick();
    }, following.signal).then(() => {
      this.#following = undefined;
    });
  }

  #draw(): void {
    const now = performance.now();
    const age = now - this.#heard.mono;
    document.body.setAttribute('data-contact', this.#lost ? 'lost' : 'live');
    this.#screen.show('retry', this.#lost);
    if (this.#known !== undefined) {
      this.#screen.facts({ ...this.#known, now: this.#heard.wall, clock });
      if (!this.#lost) this.#screen.status(statusOf(this.#known.health), now);
    }
    if (this.#lost) this.#screen.status(lostStatus(clock(this.#heard.wall)), now);
    this.#screen.text('live', this.#liveness(age));
    this.#screen.text('age', age > FRESH_MS ? `as of ${clock(this.#heard.wall)}, ${seconds(age)} ago` : '');
    const wait = seconds(Math.max(1000, this.#nextLook - now));
    this.#screen.text('retry-text', this.#looking ? 'Trying now …' : `Trying again in ${wait}.`);
  }

  #liveness(age: number): string {
    if (this.#lost) return '○ disconnected';
    if (this.#known === undefined) return '○ connecting';
    return age > FRESH_MS ? `○ waiting, heard ${seconds(age)} ago` : `● live, ${seconds(age)} ago`;
  }

  /** Where the browser keeps the clipboard from pages without TLS, the text is at least selected. */
  async #copy(): Promise<void> {
    const command = this.#screen.element('command');
    try {
      if (navigator.clipboard === undefined) throw new Error('no clipboard');
      await navigator.clipboard.writeText(command.textContent ?? '');
      this.#screen.text('copied', 'Copied.');
    } catch {
      document.getSelection()?.selectAllChildren(command);
      this.#screen.text('copied', document.execCommand('copy') ? 'Copied.' : 'Selected: copy it with your keyboard.');
    }
  }
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}

/** A point in time on the reader's clock; with its date when that is not today. */
function clock(ms: number): string {
  const moment = new Date(ms);
  const today = moment.toDateString() === new Date().toDateString();
  return today ? moment.toLocaleTimeString() : moment.toLocaleString();
}

new Page().start();
mountHistory(document);
mountSession(document, clock);
