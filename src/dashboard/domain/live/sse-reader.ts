/** An event that a server has sent. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  /** The last id that was sent, also with an event before; empty when there was none. */
  readonly id: string;
}

/** Most characters of one event: more is no event of a node. */
const LONGEST = 1_000_000;

/** Reads a stream of server-sent events, however it is cut into pieces. */
export class SseReader {
  #rest = '';
  #afterCr = false;
  #name = '';
  #data: string[] = [];
  #length = 0;
  #id: string;
  #retryMs: number | undefined;

  /** @param id of the last event of a stream that this one goes on from; empty for none */
  constructor(id = '') {
    this.#id = id;
  }

  /** How long the server wants a reader to wait before it connects again, ms; undefined when it has not said. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  /** Takes the next piece of text, and gives the events that are whole with it. Throws RangeError for an endless one. */
  push(piece: string): ServerEvent[] {
    let text = piece;
    if (this.#afterCr && text.startsWith('\n')) text = text.slice(1);
    if (piece !== '') this.#afterCr = piece.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    const events = lines.flatMap((line) => this.#line(line));
    if (this.#rest.length + this.#length > LONGEST) throw new RangeError('an event without an end');
    return events;
  }

  #line(line: string): ServerEvent[] {
    if (line === '') return this.#end();
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') this.#name = value;
    else if (field === 'data') {
      this.#data.push(value);
      this.#length += value.length;
    } else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.#retryMs = Number(value);
    return [];
  }

  #end(): ServerEvent[] {
    const event = { name: this.#name === '' ? 'message' : this.#name, data: this.#data.join('\n'), id: this.#id };
    const empty = this.#data.length === 0;
    this.#name = '';
    this.#data = [];
    this.#length = 0;
    return empty ? [] : [event];
  }
}
