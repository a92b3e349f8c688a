/** What V8 tells of its heap, bytes. */
export interface HeapFigures {
  /** Limit on the whole heap. */
  readonly limit: number;
  readonly spaces: readonly { readonly name: string; readonly used: number }[];
}

/** What the limit on the heap leaves for young objects by default, three semi-spaces of 16 MiB; bytes. */
const YOUNG = 48 * 1024 * 1024;

/** How much of what outlives collections is in use, and the limit at which the process dies: the limit on the whole heap holds more. */
export function oldGeneration({ limit, spaces }: HeapFigures): { readonly used: number; readonly limit: number } {
  const old = spaces.filter(({ name }) => !name.startsWith('new_'));
  return { used: old.reduce((sum, { used }) => sum + used, 0), limit: Math.max(limit / 2, limit - YOUNG) };
}
