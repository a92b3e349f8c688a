import { type JsonText } from './json-text.js';
import { copyText, memoryOf } from './memory-of.js';

/** UTF-16 units of pieces that may stand unjoined: some hundreds, with a few kilobytes of what holds them together. */
const LOOSE = 2048;
/** Bytes of the first block of pieces that are kept unread; each further one has room for as much as all before it, up to a limit. */
const FIRST_BLOCK = 4 * 1024;
const LARGEST_BLOCK = 32 * 1024;

/** Pieces of JSON strings, one behind the other: none stands in two blocks. */
interface UnreadBlock {
  readonly bytes: DataView;
  readonly end: number;
}

/**
 * A text that comes in pieces. V8 keeps a text that was added up as the pieces themselves and their joints, three to four
 * times its size for the words of a stream; here some kilobytes of them become one block again and again. The blocks
 * become one text only when it is asked for: joining all of it whenever it has grown would copy it many times over.
 * Pieces of JSON are not even made strings before somebody asks: most answers are never asked for, and V8's heap, in which
 * each of them would be carried along and marked, grows by nothing but the blocks' handles.
 */
export class GrowingText {
  #blocks: string[] = [];
  #loose = '';
  #length = 0;
  /** Blocks that are full. */
  #full: UnreadBlock[] = [];
  /** The one that is being filled; it is no object of its own, since each costs a visit to memory at every event. */
  #block: DataView | undefined;
  #room = 0;
  #end = 0;
  /** Whether one of the blocks holds an escape. */
  #escaped = false;
  #unreadUnits = 0;

  /** UTF-16 units of what is there. */
  get length(): number {
    return this.#length + this.#unreadUnits;
  }

  get value(): string {
    this.#readUp();
    if (this.#blocks.length === 0) return this.#loose;
    if (this.#blocks.length > 1 || this.#loose !== '') {
      this.#blocks = [this.#blocks.join('') + this.#loose];
      this.#loose = '';
    }
    return this.#blocks[0] as string;
  }

  /** Puts a piece behind what is there. */
  append(piece: string): void {
    if (this.#block !== undefined) {
      // Behind pieces that nobody has asked for it is put with them: it is no reason to read them.
      const bytes = Buffer.from(JSON.stringify(piece));
      const from = bytes.byteOffset + 1;
      const to = from + bytes.length - 2;
      this.appendUnread({ from, to, units: piece.length, escaped: true }, memoryOf(bytes));
      return;
    }
    this.#loose += piece;
    this.#length += piece.length;
    if (this.#loose.length <= LOOSE) return;
    // Looking at a character is what makes V8 join it.
    this.#loose.charCodeAt(0);
    this.#blocks.push(this.#loose);
    this.#loose = '';
  }

  /** The same with a piece that is read when somebody asks, from a copy of its bytes in this memory. */
  appendUnread(text: JsonText, memory: DataView): void {
    const size = text.to - text.from;
    if (this.#block === undefined || this.#end + size > this.#room) this.#newBlock(size);
    this.#end = copyText(text, memory, this.#block as DataView, this.#end);
    if (text.escaped) this.#escaped = true;
    this.#unreadUnits += text.units;
  }

  #newBlock(size: number): void {
    if (this.#block !== undefined) this.#full.push({ bytes: this.#block, end: this.#end });
    this.#room = Math.max(size, Math.min(LARGEST_BLOCK, Math.max(FIRST_BLOCK, this.#unreadUnits)));
    this.#block = new DataView(Buffer.allocUnsafeSlow(this.#room).buffer);
    this.#end = 0;
  }

  #readUp(): void {
    if (this.#block === undefined) return;
    const blocks = [...this.#full, { bytes: this.#block, end: this.#end }];
    const escaped = this.#escaped;
    this.#full = [];
    this.#block = undefined;
    this.#escaped = false;
    this.#unreadUnits = 0;
    for (const { bytes, end } of blocks) {
      const text = Buffer.from(bytes.buffer, 0, end).toString('utf8');
      this.append(escaped ? (JSON.parse(`"${text}"`) as string) : text);
    }
  }
}
