/**
 * Keeps a label set bounded: the first `limit` distinct values keep their names,
 * every later one becomes `other`. Without it a client that invents model names
 * would grow the exposition without end.
 */
export class BoundedLabel {
  readonly #known = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value to use as the label; at most 100 characters. */
  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#limit || value.length > 100) return 'other';
    this.#known.add(value);
    return value;
  }
}
