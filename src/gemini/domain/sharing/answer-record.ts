/** The head of an answer as it came from the upstream, without what the node tells of a single request. */
export interface RecordedHead {
  readonly status: number;
  /** Flat list of names and values. */
  readonly headers: readonly string[];
  /** Who answered, where it is known. */
  readonly model: string | undefined;
  /** False for an answer that was given whole. */
  readonly streamed: boolean;
}

/** An answer as clients get it, piece by piece, for several readers with a place of their own. */
export class AnswerRecord {
  head: RecordedHead | undefined;
  readonly #pieces = new Map<number, Buffer>();
  #first = 0;
  #end = 0;
  #bytes = 0;

  /** Index behind the last piece; pieces are numbered from 0. */
  get end(): number {
    return this.#end;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  append(piece: Buffer): void {
    this.#pieces.set(this.#end++, piece);
    this.#bytes += piece.length;
  }

  /** The piece at an index; undefined when it has not come yet or is forgotten. */
  at(index: number): Buffer | undefined {
    return this.#pieces.get(index);
  }

  /** Forgets the pieces before `index`. */
  forget(index: number): void {
    for (; this.#first < index && this.#first < this.#end; this.#first++) {
      this.#bytes -= this.#pieces.get(this.#first)?.length ?? 0;
      this.#pieces.delete(this.#first);
    }
  }

  /** All that is held, as one copy that shares no memory with the pieces. */
  body(): Buffer {
    return Buffer.concat([...this.#pieces.values()]);
  }
}
