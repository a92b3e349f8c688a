/** A heal to be marked on the plots. */
export interface HealMark {
  /** Seconds since the epoch. */
  readonly time: number;
  /** Cause, level and outcome in words. */
  readonly text: string;
}

/** Most marks that are drawn: more would hide the lines. The latest are kept. */
export const MOST_MARKS = 50;

/** Reads the answer of `GET /self/heal/runs`: the heals between two times, s, the oldest first. */
export function readHealMarks(answer: unknown, from: number, to: number): HealMark[] {
  const items = (answer as { items?: unknown } | null)?.items;
  if (!Array.isArray(items)) return [];
  return (items as unknown[])
    .flatMap((item) => {
      const mark = readMark(item);
      return mark !== undefined && mark.time >= from && mark.time <= to ? [mark] : [];
    })
    .sort((a, b) => a.time - b.time)
    .slice(-MOST_MARKS);
}

/** The mark nearest to a time, if it is within `reach` s of it. */
export function nearestMark(marks: readonly HealMark[], time: number, reach: number): HealMark | undefined {
  const near = marks.filter((mark) => Math.abs(mark.time - time) <= reach);
  return near.sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time))[0];
}

function readMark(item: unknown): HealMark | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { timestamp, cause, level, verdict, status } = item as Record<string, unknown>;
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) / 1000 : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  const parts = [words(cause) ?? 'asked for', words(level), words(verdict) ?? words(status)];
  return { time, text: parts.filter((part) => part !== undefined).join(', ') };
}

function words(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replaceAll('_', ' ').toLowerCase() : undefined;
}
