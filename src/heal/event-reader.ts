import { type ServerResponse } from 'node:http';
import { entryText, HEARTBEAT_TEXT } from './domain/event-text.js';
import { type JournalEntry } from './domain/journal-entry.js';
import { type Since } from './domain/journal-ring.js';

/** Most bytes that wait for a reader before the rest is left in the journal until it has read them. */
const WAITING_BYTES = 64 * 1024;

/**
 * One reader of the events. Nothing heaps up for one that is slow: it gets from the journal what it missed, when it has
 * read what it has. One for which the journal does not reach back far enough, or that does not read at all, is cut
 * off: it comes back and says what it has seen.
 */
export class EventReader {
  /** Number of the entry after which it is to get what it missed; undefined when it has missed nothing. */
  #behind: number | undefined;
  /** Whether something has waited for it since the last heartbeat. */
  #stuck = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly since: (number: number) => Since,
  ) {
    response.on('drain', () => {
      this.#stuck = false;
      if (this.#behind !== undefined) this.catchUp(this.#behind);
    });
  }

  /** Sends what has happened since the entry with this number. */
  catchUp(number: number): void {
    const { entries, gap } = this.since(number);
    if (gap) {
      this.response.destroy();
      return;
    }
    this.#behind = number;
    for (const entry of entries) {
      if (this.#full()) return;
      this.response.write(entryText(entry));
      this.#behind = entry.number;
    }
    this.#behind = undefined;
  }

  /** Sends an entry that is new. */
  take(entry: JournalEntry): void {
    if (this.#behind !== undefined) return;
    if (this.#full()) this.#behind = entry.number - 1;
    else this.response.write(entryText(entry));
  }

  /** Sends what is only of interest now; left out for who is behind. */
  tell(text: string): void {
    if (!this.#full()) this.response.write(text);
  }

  /** Sends a sign of life; cuts off who has not taken what waited at the last one. */
  beat(): void {
    if (this.#stuck) {
      this.response.destroy();
      return;
    }
    this.#stuck = this.response.writableNeedDrain;
    this.tell(HEARTBEAT_TEXT);
  }

  /** Ends its answer: what it has not got it gets when it comes back. */
  end(): void {
    this.response.end();
  }

  #full(): boolean {
    return this.response.writableEnded || this.response.destroyed || this.response.writableLength >= WAITING_BYTES;
  }
}
