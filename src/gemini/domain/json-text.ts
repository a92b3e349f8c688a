import { BACKSLASH, QUOTE } from './json-bytes.js';

/** The inside of a JSON string (RFC 8259, section 7) where it stands: valid, and read by nobody yet. */
export interface JsonText {
  /** Offset in the memory of its first byte, behind the quote, and of the quote behind it. */
  readonly from: number;
  readonly to: number;
  /** UTF-16 units of what it says. */
  readonly units: number;
  /** Whether it holds a backslash. */
  readonly escaped: boolean;
}

const SPACE = 0x20;
const FIRST_OF_MORE = 0x80;
const LETTER_U = 0x75;
const HEX_DIGITS = 4;
/** For each byte 1 where it may stand behind a backslash by itself. */
const SIMPLE_ESCAPES = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) SIMPLE_ESCAPES[byte] = 1;
const HEX = new Set(Buffer.from('0123456789abcdefABCDEF'));
/** Bytes that are looked at together, and words of which each byte is the one that is meant. */
const WORD = 4;
const ONES = 0x01010101;
const TOP_BITS = 0x80808080;
const SPACES = SPACE * ONES;
const QUOTES = QUOTE * ONES;
const BACKSLASHES = BACKSLASH * ONES;

/** What a text says that stands in this memory. */
export function textOf({ from, to, escaped }: JsonText, { buffer }: DataView): string {
  const bytes = Buffer.from(buffer, from - 1, to - from + 2);
  return escaped ? (JSON.parse(bytes.toString('utf8')) as string) : bytes.toString('utf8', 1, bytes.length - 1);
}

/**
 * Finds the end of a JSON string without making one of it: most of what a stream says is passed on, and never asked for.
 * It keeps numbers alone: to note a buffer in what has lived for long costs V8 more than to read some words of it.
 */
export class TextScan implements JsonText {
  from = 0;
  to = 0;
  units = 0;
  escaped = false;

  /** Reads the string whose quote stands at an offset in a memory, in front of `limit`; false where none does that is valid in every byte. */
  read(memory: DataView, quote: number, limit: number): boolean {
    if (quote >= limit || memory.getUint8(quote) !== QUOTE) return false;
    this.from = quote + 1;
    this.escaped = false;
    // Bytes that are no unit of their own, and units that are no byte.
    let spare = 0;
    for (let at = this.from; ; at++) {
      while (at + WORD <= limit && isPlain(memory.getInt32(at, true))) at += WORD;
      if (at >= limit) return false;
      const byte = memory.getUint8(at);
      if (byte >= SPACE && byte < FIRST_OF_MORE && byte !== QUOTE && byte !== BACKSLASH) continue;
      if (byte === QUOTE) {
        this.to = at;
        this.units = at - this.from - spare;
        return true;
      }
      const more = (byte === BACKSLASH ? escapeLength(memory, at) : characterLength(memory, at)) - 1;
      if (more < 0) return false;
      if (byte === BACKSLASH) this.escaped = true;
      spare += byte >= 0xf0 ? more - 1 : more;
      at += more;
    }
  }
}

/**
 * Whether four bytes are characters of their own: no quote, no backslash, no control, and none of other characters than ASCII.
 * By the test for a byte below a bound in a word (Warren, Hacker's Delight, section 6-1).
 */
function isPlain(word: number): boolean {
  const quotes = word ^ QUOTES;
  const backslashes = word ^ BACKSLASHES;
  // Other characters than ASCII have their top bit left in the first difference, or in the second.
  return (((word - SPACES) | (quotes - ONES) | (backslashes - ONES)) & TOP_BITS) === 0;
}

/** Bytes of the escape at a backslash; 0 for none. */
function escapeLength(memory: DataView, at: number): number {
  const kind = byteAt(memory, at + 1);
  if (SIMPLE_ESCAPES[kind] === 1) return 2;
  if (kind !== LETTER_U) return 0;
  for (let digit = 2; digit < 2 + HEX_DIGITS; digit++) if (!HEX.has(byteAt(memory, at + digit))) return 0;
  return 2 + HEX_DIGITS;
}

/** Bytes of the character of two to four bytes (RFC 3629, section 4) that begins here; 0 for none. */
function characterLength(memory: DataView, at: number): number {
  const first = byteAt(memory, at);
  const second = byteAt(memory, at + 1);
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return isTail(second) ? 2 : 0;
  if (!isTail(second) || !isTail(byteAt(memory, at + 2))) return 0;
  if (first < 0xf0) {
    // Longer than it need be, or a half of a surrogate pair.
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
    return 3;
  }
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return isTail(byteAt(memory, at + 3)) ? 4 : 0;
}

/** The byte at an offset; 0, which belongs to no character of more, behind the end of the memory. */
function byteAt(memory: DataView, at: number): number {
  return at < memory.byteLength ? memory.getUint8(at) : 0;
}

function isTail(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
