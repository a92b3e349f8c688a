/** An object of an answer, before it is known what is in it. */
export type Json = Readonly<Record<string, unknown>>;

/** The object, or an empty one for what is none. */
export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The objects of a list by its name; undefined when there is no such list. */
export function listOf(value: unknown, name: string): Json[] | undefined {
  const list = record(value)[name];
  return Array.isArray(list) ? (list as unknown[]).map(record) : undefined;
}

/** The text, or an empty one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The text, or null. */
export function maybe(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The number, or 0. */
export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** The number, or null: what is not told is not zero. */
export function known(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The numbers of an object, by name. */
export function knownOf(value: unknown): Readonly<Record<string, number | null>> {
  return Object.fromEntries(Object.entries(record(value)).map(([name, number]) => [name, known(number)]));
}
