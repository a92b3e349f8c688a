import { type Clock } from '../../../kernel/clock.js';
import { type RecordedHead } from './answer-record.js';

/** A whole answer that may be given again. */
export interface KeptAnswer {
  readonly head: RecordedHead;
  readonly body: Buffer;
}

/** What an entry takes besides its body and headers, bytes: names, maps and objects, estimated high. */
const ENTRY_BYTES = 1024;

interface Entry {
  readonly answer: KeptAnswer;
  readonly bytes: number;
  readonly since: number;
}

/**
 * The memory of shared answers: those still being given, which take what they need while there is room, and whole ones
 * kept for a time, which give way to them and to newer ones; the one used longest ago goes first.
 */
export class AnswerMemory {
  readonly #kept = new Map<string, Entry>();
  #keptBytes = 0;
  #taken = 0;
  #swept: number;

  /** @param limits most bytes in all, and the greatest age of a kept answer, ms */
  constructor(
    private readonly clock: Clock,
    private readonly limits: { readonly bytes: number; readonly ageMs: number },
  ) {
    this.#swept = clock.now();
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#keptBytes + this.#taken;
  }

  /** Whole answers kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** Takes bytes for an answer that is being given; false, and nothing taken, when there are not as many. */
  take(bytes: number): boolean {
    if (!this.#makeRoom(bytes)) return false;
    this.#taken += bytes;
    return true;
  }

  /** Gives bytes back. */
  release(bytes: number): void {
    this.#taken = Math.max(0, this.#taken - bytes);
  }

  /** Keeps an answer in place of an older one of the same key; one for which there is no room is not kept. */
  keep(key: string, answer: KeptAnswer): void {
    this.#drop(key);
    this.#sweep();
    const bytes = answer.head.headers.join('').length + answer.body.length + ENTRY_BYTES;
    if (!this.#makeRoom(bytes)) return;
    this.#kept.set(key, { answer, bytes, since: this.clock.now() });
    this.#keptBytes += bytes;
  }

  /** The answer of a key with its age, ms, unless it is too old. */
  find(key: string): { readonly answer: KeptAnswer; readonly ageMs: number } | undefined {
    const entry = this.#kept.get(key);
    if (entry === undefined) return undefined;
    const ageMs = this.clock.now() - entry.since;
    if (ageMs > this.limits.ageMs) {
      this.#drop(key);
      return undefined;
    }
    // Now it is the one used last.
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    return { answer: entry.answer, ageMs };
  }

  /** Forgets all answers that are kept. */
  clear(): void {
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #makeRoom(bytes: number): boolean {
    // Nothing is forgotten for what would not fit all the same.
    if (this.#taken + bytes > this.limits.bytes) return false;
    for (const key of this.#kept.keys()) {
      if (this.bytes + bytes <= this.limits.bytes) break;
      this.#drop(key);
    }
    return true;
  }

  /** Answers past their age are forgotten even if nobody asks for them, a few times within that age. */
  #sweep(): void {
    const now = this.clock.now();
    if (now - this.#swept < this.limits.ageMs / 4) return;
    this.#swept = now;
    for (const [key, { since }] of this.#kept) if (now - since > this.limits.ageMs) this.#drop(key);
  }

  #drop(key: string): void {
    this.#keptBytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
