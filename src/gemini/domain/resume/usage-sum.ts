import { isRecord } from '../upstream-error.js';

type Json = Readonly<Record<string, unknown>>;

/** Adds up the token counts of two attempts, member by member; what is no count is taken from the later one. */
export function addUsage(earlier: Json, later: Json): Record<string, unknown> {
  const sum: Record<string, unknown> = { ...later };
  for (const [name, before] of Object.entries(earlier)) {
    const now = later[name];
    if (typeof before === 'number') sum[name] = before + (typeof now === 'number' ? now : 0);
    else if (isRecord(before) && (now === undefined || isRecord(now))) sum[name] = addUsage(before, now ?? {});
  }
  return sum;
}
