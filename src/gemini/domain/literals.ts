/** Bytes that are held against others at a time: this is much of what reading an event costs. */
const WORD = 4;
/** Of each piece stand ahead of all: its place and its length, as words, and two numbers. */
const ENTRY = 2 * WORD + 2 * 8;
const NUMBERS = 2 * WORD;

/**
 * Pieces of bytes that must stand as they are, and numbers that go with each. By the time the next event of a stream comes,
 * those of the others and the system's have taken the processor's caches: each object and each line of memory comes anew,
 * and takes longer than to look at it. So all of it lies side by side, in a memory without an object around it.
 */
export type Literals = DataView;

/** Lays pieces out; their numbers are 0. */
export function literalsOf(pieces: readonly Buffer[]): Literals {
  const sizes = pieces.map(({ length }) => Math.ceil(length / WORD) * WORD);
  const all = Buffer.alloc(sizes.reduce((sum, size) => sum + size, pieces.length * ENTRY));
  const literals = new DataView(all.buffer, all.byteOffset, all.length);
  let place = pieces.length * ENTRY;
  for (const [index, piece] of pieces.entries()) {
    literals.setInt32(index * ENTRY, place, true);
    literals.setInt32(index * ENTRY + WORD, piece.length, true);
    all.set(piece, place);
    place += sizes[index] as number;
  }
  return literals;
}

/** The offset in a memory behind a piece that stands at `offset`, in front of `limit`; -1 where it does not. */
export function behindLiteral(own: Literals, index: number, memory: DataView, offset: number, limit: number): number {
  let place = own.getInt32(index * ENTRY, true);
  const end = offset + own.getInt32(index * ENTRY + WORD, true);
  if (end > limit) return -1;
  let at = offset;
  for (; at + WORD <= end; at += WORD, place += WORD)
    if (memory.getInt32(at, true) !== own.getInt32(place, true)) return -1;
  for (; at < end; at++, place++) if (memory.getUint8(at) !== own.getUint8(place)) return -1;
  return end;
}

/** One of the two numbers of a piece. */
export function numberOf(own: Literals, index: number, which: 0 | 1): number {
  return own.getFloat64(index * ENTRY + NUMBERS + which * 8, true);
}

/** Sets one of the two numbers of a piece. */
export function setNumber(own: Literals, index: number, which: 0 | 1, value: number): void {
  own.setFloat64(index * ENTRY + NUMBERS + which * 8, value, true);
}
