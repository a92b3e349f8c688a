const WORD = 4;

let viewed: ArrayBufferLike = new ArrayBuffer(0);
let view: DataView = new DataView(viewed);

/** The memory in which these bytes lie. Events that come one behind the other lie in the same: it has one view. */
export function memoryOf(bytes: Buffer): DataView {
  const { buffer } = bytes;
  if (buffer !== viewed) {
    viewed = buffer;
    view = new DataView(buffer);
  }
  return view;
}

/** Bytes that must stand as they are. Held against others four at a time: this is much of what reading an event costs. */
export class Literal {
  readonly length: number;
  readonly #words: Int32Array;
  /** What is left behind the last whole word. */
  readonly #rest: Uint8Array;

  constructor(bytes: Buffer) {
    this.length = bytes.length;
    const words = Math.floor(bytes.length / WORD);
    this.#words = Int32Array.from({ length: words }, (_, index) => bytes.readInt32LE(index * WORD));
    this.#rest = Uint8Array.from(bytes.subarray(words * WORD));
  }

  /** Whether they stand at `offset`, where there are as many. */
  standsAt(memory: DataView, offset: number): boolean {
    const words = this.#words;
    let place = offset;
    for (let index = 0; index < words.length; index++, place += WORD)
      if (memory.getInt32(place, true) !== words[index]) return false;
    const rest = this.#rest;
    for (let index = 0; index < rest.length; index++) if (memory.getUint8(place + index) !== rest[index]) return false;
    return true;
  }
}
