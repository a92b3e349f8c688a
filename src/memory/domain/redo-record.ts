import { type Change } from './change.js';

/** What one group of writes changed, in a form that can be done again. */
export interface RedoRecord {
  /** Number of the group; each is one above the one before. */
  readonly sequence: number;
  /** Last number given to a row when the group was over. */
  readonly revision: number;
  /** Wall clock, ms since the epoch. */
  readonly at: number;
  readonly changes: readonly Change[];
}

/** CRC-32 of bytes. */
export type Checksum = (bytes: Uint8Array) => number;

/** A stretch of a journal: a good record, one whose bytes are not what was written, or an end that was never finished. */
export interface Stretch {
  readonly kind: 'record' | 'damaged' | 'torn';
  /** Of a good record. */
  readonly sequence: number;
  /** Where it begins and where the next one begins, in bytes. */
  readonly start: number;
  readonly end: number;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const CHECKSUM_DIGITS = 8;
/** A checksum, a space, and at least one digit and a space. */
const SHORTEST = CHECKSUM_DIGITS + 3;

/** A record as one line: CRC-32 in hex, sequence, then the rest as JSON, which holds no line break. */
export function encodeRecord({ sequence, revision, at, changes }: RedoRecord, checksum: Checksum): Uint8Array {
  const content = new TextEncoder().encode(` ${sequence} ${JSON.stringify({ revision, at, changes })}\n`);
  const line = new Uint8Array(CHECKSUM_DIGITS + content.length);
  const digits = hex(checksum(content.subarray(1, -1)));
  for (let at = 0; at < CHECKSUM_DIGITS; at++) line[at] = digits.charCodeAt(at);
  line.set(content, CHECKSUM_DIGITS);
  return line;
}

/**
 * The stretches of a segment's bytes, in order. Bytes behind the last line break were never finished; a line
 * that fails its checksum is damaged, and those behind it are still good.
 */
export function* stretches(bytes: Uint8Array, checksum: Checksum): Generator<Stretch> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    if (newline < 0) {
      yield { kind: 'torn', sequence: 0, start, end: bytes.length };
      return;
    }
    const sequence = sequenceOf(bytes.subarray(start, newline), checksum);
    const end = newline + 1;
    if (sequence === undefined) yield { kind: 'damaged', sequence: 0, start, end };
    else yield { kind: 'record', sequence, start, end };
    start = end;
  }
}

/** The record in a stretch of the kind `record`. */
export function decodeRecord(bytes: Uint8Array, { sequence, start, end }: Stretch): RedoRecord {
  const begin = bytes.indexOf(SPACE, start + CHECKSUM_DIGITS + 1) + 1;
  const text = new TextDecoder().decode(bytes.subarray(begin, end - 1));
  return { sequence, ...(JSON.parse(text) as Omit<RedoRecord, 'sequence'>) };
}

function sequenceOf(line: Uint8Array, checksum: Checksum): number | undefined {
  if (line.length < SHORTEST || line[CHECKSUM_DIGITS] !== SPACE) return undefined;
  const content = line.subarray(CHECKSUM_DIGITS + 1);
  const written = String.fromCharCode(...line.subarray(0, CHECKSUM_DIGITS));
  if (hex(checksum(content)) !== written) return undefined;
  const sequence = Number.parseInt(String.fromCharCode(...content.subarray(0, content.indexOf(SPACE))), 10);
  return Number.isSafeInteger(sequence) ? sequence : undefined;
}

function hex(value: number): string {
  return value.toString(16).padStart(CHECKSUM_DIGITS, '0');
}
