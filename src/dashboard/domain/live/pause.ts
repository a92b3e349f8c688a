/** Longest pause, ms: an event that is told by the next poll is not worth more calls. */
const LONGEST_MS = 60_000;

/**
 * Pause before the next attempt to follow the events, ms: the server's own, doubled with each attempt in a row that told
 * nothing, and spread by `chance` (0 to 1) so that pages do not come back all at once.
 */
export function pauseBefore(failures: number, retryMs: number, chance: number): number {
  const grown = Math.min(LONGEST_MS, retryMs * 2 ** Math.max(0, failures - 1));
  return Math.round(grown * (0.75 + chance / 2));
}
