/** Longest value of a label, characters; names may come from callers. */
const VALUE_LIMIT = 100;

/**
 * Keeps the sets of labels of one metric bounded, where labels multiply: the first `limit` distinct sets keep their
 * values, of every later one all values are `other`.
 */
export class BoundedLabels<L extends string> {
  readonly #known = new Map<string, Readonly<Record<L, string>>>();
  readonly #rest: Readonly<Record<L, string>>;

  constructor(
    private readonly names: readonly L[],
    private readonly limit: number,
  ) {
    this.#rest = this.#set(names.map(() => 'other'));
  }

  /** The set to use for values in the order of the names. The same values get the same object. */
  of(...values: readonly string[]): Readonly<Record<L, string>> {
    const key = values.join('\n');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= this.limit) return this.#rest;
    // What is no name is not kept, and is no set of its own.
    if (values.some((value) => value.length > VALUE_LIMIT)) return this.#rest;
    const set = this.#set(values);
    this.#known.set(key, set);
    return set;
  }

  #set(values: readonly string[]): Readonly<Record<L, string>> {
    return Object.fromEntries(this.names.map((name, index) => [name, values[index] ?? ''])) as Record<L, string>;
  }
}
