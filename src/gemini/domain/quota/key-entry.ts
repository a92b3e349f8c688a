/** One entry of `GEMINI_API_KEY`. */
export interface KeyEntry {
  readonly secret: string;
  /** The project it is grouped under; undefined when none is named. */
  readonly project: string | undefined;
}

/** Reads `key` or `project:key`. */
export function keyEntry(entry: string): KeyEntry {
  const colon = entry.indexOf(':');
  return { secret: entry.slice(colon + 1), project: colon < 0 ? undefined : entry.slice(0, colon) };
}
