const LF = 0x0a;
const CR = 0x0d;

/** One server-sent event as it came. */
export interface SseEvent {
  /** The bytes of the whole event with the blank line that ends it. */
  readonly raw: Buffer;
  /** The text of its data lines, joined by line feeds; undefined when it has none. */
  readonly data: string | undefined;
  /** False when it carries comments, names or ids, or no space behind `data:`, which some clients cannot read. */
  readonly plain: boolean;
  /** True when it holds a line that server-sent events do not have, such as bare JSON or HTML. */
  readonly foreign: boolean;
}

/** The stream holds an event larger than the limit. */
export class EventTooLarge extends Error {}

/**
 * Splits a stream of server-sent events (WHATWG HTML section 9.2) into whole events.
 * An event is handed on at its blank line; what follows the last one stays in `rest`.
 */
export class SseSplitter {
  readonly #onEvent: (event: SseEvent) => void;
  readonly #limit: number;
  /** Bytes of the unfinished event from earlier chunks. */
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  /** Whether the last line break seen is directly before the next byte (a CR may stand between). */
  #atLineStart = true;
  #dispatched = false;
  /** Lines end in CR alone, which the standard allows: they are read, and passed on, with line feeds. */
  #bareCr = false;

  /** @param limit most bytes of one event */
  constructor(limit: number, onEvent: (event: SseEvent) => void) {
    this.#limit = limit;
    this.#onEvent = onEvent;
  }

  /** True where the next byte begins an event. */
  get between(): boolean {
    return this.#carriedBytes === 0;
  }

  /** Takes the next bytes. Throws EventTooLarge. */
  push(bytes: Buffer): void {
    const chunk = this.#bareCr ? withLineFeeds(bytes) : bytes;
    let from = 0;
    let at = 0;
    for (;;) {
      const lf = chunk.indexOf(LF, at);
      if (lf < 0) break;
      const blank = this.#atLineStart && (lf === at || (lf === at + 1 && chunk[at] === CR));
      at = lf + 1;
      if (blank) {
        this.#dispatch(from === 0 && at === chunk.length ? chunk : chunk.subarray(from, at));
        from = at;
      }
      this.#atLineStart = true;
    }
    if (at < chunk.length && !(this.#atLineStart && chunk.length === at + 1 && chunk[at] === CR))
      this.#atLineStart = false;
    if (from < chunk.length) this.#carry(from === 0 ? chunk : chunk.subarray(from));
  }

  /** The bytes behind the last whole event; empty after a stream that ended properly. */
  rest(): Buffer {
    return Buffer.concat(this.#carried);
  }

  #carry(part: Buffer): void {
    this.#carried.push(part);
    this.#carriedBytes += part.length;
    if (this.#carriedBytes > this.#limit) throw new EventTooLarge();
    // JSON has no bare CR: two of them before the first event are the end of a line and a blank one.
    if (!this.#dispatched && !this.#bareCr && part.includes('\r\r')) this.#startOver();
  }

  #startOver(): void {
    const bytes = this.rest();
    this.#bareCr = true;
    this.#atLineStart = true;
    this.#carried = [];
    this.#carriedBytes = 0;
    this.push(bytes);
  }

  #dispatch(last: Buffer): void {
    this.#dispatched = true;
    let raw = last;
    if (this.#carriedBytes > 0) {
      raw = Buffer.concat([...this.#carried, last]);
      this.#carried = [];
      this.#carriedBytes = 0;
    }
    if (raw.length > this.#limit) throw new EventTooLarge();
    this.#onEvent(readEvent(raw));
  }
}

function withLineFeeds(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r', '\n'), 'latin1');
}

/** Reads the lines of one event. The usual one, a single data line, takes the short way. */
function readEvent(raw: Buffer): SseEvent {
  const text = raw.toString('utf8');
  const end = text.indexOf('\n');
  const blank = end >= text.length - 3 || text.slice(end).trim() === '';
  if (blank && text.startsWith('data:')) {
    return { raw, data: dataOf(text.slice(0, end)), plain: text.charCodeAt(5) === 0x20, foreign: false };
  }
  const data: string[] = [];
  let plain = true;
  let foreign = false;
  // A stream may open with a byte order mark.
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (content === '') continue;
    if (content.startsWith('data:')) data.push(dataOf(content));
    else if (/^(:|event:|id:|retry:)/.test(content)) plain = false;
    else foreign = true;
  }
  if (data.length !== 1 || !text.startsWith('data: ')) plain = false;
  return { raw, data: data.length === 0 ? undefined : data.join('\n'), plain: plain && !foreign, foreign };
}

function dataOf(line: string): string {
  const start = line.charCodeAt(5) === 0x20 ? 6 : 5;
  return line.endsWith('\r') ? line.slice(start, -1) : line.slice(start);
}
