import { AnswerRecord } from '../domain/sharing/answer-record.js';
import { type ReplyFacts, type ReplyPort } from '../reply-port.js';

/** One of those an answer is given to. */
export interface Reader {
  /** Index of the next piece it takes. */
  readonly cursor: number;
  /** True while its client takes nothing more. */
  readonly blocked: boolean;
  /** Milliseconds until its deadline. */
  readonly leftMs: number;
  /** Takes what has come, as far as its client reads. */
  pump(): void;
  /** It is so far behind the others that the rest cannot be held for it. */
  cutOff(): void;
}

/** Memory that records share. */
export interface RecordMemory {
  /** Takes bytes; `urgent` lets records that nobody has joined give way. False when there are not as many. */
  take(bytes: number, urgent: boolean): boolean;
  release(bytes: number): void;
}

/** How long, in all, the others wait for a reader that is too far behind, ms: a hiccup, not a stop. */
const PATIENCE_MS = 3000;

/**
 * The client's side of an answer that several clients read. The upstream flows while one of them keeps up, so that no slow one slows
 * the others. While the record is complete others can still begin to read; past its limit it holds only what the slower ones
 * have not read yet. Who falls behind the fastest by more than the limit is waited for a short time and then cut off, never ended as
 * if the answer were whole.
 */
export class RecordedReply implements ReplyPort {
  readonly code = undefined;
  readonly broken = false;
  readonly record = new AnswerRecord();
  /** With what is left of the patience with each, ms. */
  readonly #readers = new Map<Reader, number>();
  #resumes: (() => void)[] = [];
  #taken = 0;
  #complete = true;
  #over = false;
  #waiting: NodeJS.Timeout | undefined;
  #waitingSince = 0;

  /** @param limit most bytes held; `closed` is told once, when nobody can begin to read any more */
  constructor(
    private readonly memory: RecordMemory,
    private readonly limit: number,
    private readonly closed: () => void,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  get status(): number {
    return this.record.head?.status ?? 0;
  }

  get started(): boolean {
    return this.record.head !== undefined;
  }

  get begun(): boolean {
    return this.started;
  }

  get over(): boolean {
    return this.#over;
  }

  /** True while the record holds the answer from its first byte. */
  get complete(): boolean {
    return this.#complete;
  }

  get readers(): ReadonlyMap<Reader, number> {
    return this.#readers;
  }

  send(status: number, headers: readonly string[], body: Buffer | string, { model }: ReplyFacts): void {
    this.record.head = { status, headers, model, streamed: false };
    // Nothing is counted for it: it goes out as one piece, in the turn in which the call ends.
    this.record.append(typeof body === 'string' ? Buffer.from(body) : body);
    this.#over = true;
  }

  start(status: number, headers: readonly string[], { model }: ReplyFacts): void {
    this.record.head = { status, headers, model, streamed: true };
    this.#spread();
  }

  write(chunk: Buffer): boolean {
    this.record.append(chunk);
    if (this.#complete && !this.#fits()) this.#close();
    this.#spread();
    return this.#flowing;
  }

  onDrain(resume: () => void): void {
    this.#resumes.push(resume);
  }

  /** Readers are ended when the call has settled. */
  end(last?: Buffer | string): void {
    if (last !== undefined && last.length > 0) this.write(typeof last === 'string' ? Buffer.from(last) : last);
    this.#over = true;
  }

  /** How a call failed each reader shows in its own words, once the call has settled. */
  fail(): void {
    this.#over = true;
  }

  add(reader: Reader): void {
    this.#readers.set(reader, this.patienceMs);
    this.moved(reader);
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size === 0) {
      this.#close();
      this.#waitNoMore();
      this.record.forget(this.record.end);
      this.#account();
      return;
    }
    if (!this.#complete) this.#trim();
    this.#goOn();
  }

  /** A reader can take more than before. */
  moved(reader: Reader): void {
    reader.pump();
    if (!this.#complete) this.#trim();
    this.#goOn();
  }

  /** Holds no more than what somebody has yet to read. */
  shrink(): void {
    this.#close();
    this.#trim();
  }

  /** The call is settled: readers that have everything come to their end. */
  settle(): void {
    this.#over = true;
    this.#close();
    this.#spread();
  }

  get #flowing(): boolean {
    return this.#waiting === undefined && this.#wanted;
  }

  /** Somebody has everything and can take more. */
  get #wanted(): boolean {
    for (const { blocked } of this.#readers.keys()) if (!blocked) return true;
    return false;
  }

  #goOn(): void {
    if (!this.#flowing || this.#resumes.length === 0) return;
    const due = this.#resumes;
    this.#resumes = [];
    for (const resume of due) resume();
  }

  #close(): void {
    if (!this.#complete) return;
    this.#complete = false;
    this.closed();
  }

  #spread(): void {
    for (const reader of this.#readers.keys()) reader.pump();
    if (!this.#complete) this.#trim();
  }

  /** Forgets what all have read. Whoever is furthest behind gives way when the rest stays too much, but not to itself. */
  #trim(): void {
    while (this.record.head?.streamed === true) {
      let slowest: Reader | undefined;
      let fastest = 0;
      for (const reader of this.#readers.keys()) {
        if (slowest === undefined || reader.cursor < slowest.cursor) slowest = reader;
        fastest = Math.max(fastest, reader.cursor);
      }
      if (slowest === undefined) return;
      this.record.forget(slowest.cursor);
      if (this.#fits() || this.#over || slowest.cursor === fastest || !this.#wanted) {
        this.#waitNoMore();
        return;
      }
      if (this.#wait(slowest)) return;
      this.#readers.delete(slowest);
      slowest.cutOff();
    }
  }

  /** Waits for a slow reader; false when the patience with it is spent. */
  #wait(slowest: Reader): boolean {
    if (this.#waiting !== undefined) return true;
    const patienceMs = this.#readers.get(slowest) ?? 0;
    if (patienceMs <= 0) return false;
    this.#waitingSince = performance.now();
    this.#waiting = setTimeout(() => {
      this.#waitNoMore();
      this.#trim();
      this.#goOn();
    }, patienceMs);
    return true;
  }

  /** All who are still behind have been waited for. */
  #waitNoMore(): void {
    if (this.#waiting === undefined) return;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    const waitedMs = performance.now() - this.#waitingSince;
    for (const [reader, leftMs] of this.#readers) {
      if (reader.cursor < this.record.end) this.#readers.set(reader, leftMs - waitedMs);
    }
  }

  #fits(): boolean {
    return this.record.bytes <= this.limit && this.#account();
  }

  /** Brings what is taken of the memory in line with what is held; false when there is not as much. */
  #account(): boolean {
    const more = this.record.bytes - this.#taken;
    if (more > 0 && !this.memory.take(more, this.#readers.size > 1)) return false;
    if (more < 0) this.memory.release(-more);
    this.#taken = this.record.bytes;
    return true;
  }
}
