/** Pieces that go out together. Nearly always it is one: that one needs no list, and is not copied. */
export class Pieces {
  #first: Buffer | undefined;
  readonly #more: Buffer[] = [];

  /** How many there are. */
  get count(): number {
    return this.#first === undefined ? 0 : 1 + this.#more.length;
  }

  /** The one added last. */
  get last(): Buffer | undefined {
    return this.#more.at(-1) ?? this.#first;
  }

  add(piece: Buffer): void {
    if (this.#first === undefined) this.#first = piece;
    else this.#more.push(piece);
  }

  /** Takes all of them out, joined; empty where there are none. */
  take(): Buffer {
    const first = this.#first ?? Buffer.alloc(0);
    this.#first = undefined;
    return this.#more.length === 0 ? first : Buffer.concat([first, ...this.#more.splice(0)]);
  }
}
