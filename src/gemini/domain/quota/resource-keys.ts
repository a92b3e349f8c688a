/** Names kept at most; Google forgets files after two days anyway. */
const MAX_RESOURCES = 10_000;
/** Longer names are none of Google's. */
const MAX_NAME = 256;

/**
 * Which key a file or a cached content was made with: only that key, and those of its project, may use it. Bounded; the
 * names used longest ago are forgotten first.
 */
export class ResourceKeys {
  readonly #keys = new Map<string, string>();
  #listed: readonly (readonly [string, string])[] | undefined;

  /** Remembers the key of a resource, such as `files/abc`. */
  bind(resource: string, key: string): void {
    if (resource.length > MAX_NAME) return;
    if (this.#keys.get(resource) !== key) this.#listed = undefined;
    this.#keys.delete(resource);
    this.#keys.set(resource, key);
    if (this.#keys.size > MAX_RESOURCES) this.#keys.delete(this.#keys.keys().next().value as string);
  }

  /** Names known now. */
  get size(): number {
    return this.#keys.size;
  }

  /** Whether the key of a resource is known. */
  has(resource: string): boolean {
    return this.#keys.has(resource);
  }

  /** The id of the key of a resource; undefined when it is not known. */
  keyOf(resource: string): string | undefined {
    const key = this.#keys.get(resource);
    if (key !== undefined) this.bind(resource, key);
    return key;
  }

  /** Forgets a resource that is gone. */
  forget(resource: string): void {
    if (this.#keys.delete(resource)) this.#listed = undefined;
  }

  /**
   * Resources and the ids of their keys, the one used longest ago first; the order is that of the last time one came
   * or went, so that mere use is nothing new to store.
   */
  list(): readonly (readonly [string, string])[] {
    this.#listed ??= [...this.#keys];
    return this.#listed;
  }
}
