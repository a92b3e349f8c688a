const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Units a duration may be written in. */
export type DurationUnit = keyof typeof UNIT_MS;

const WRITTEN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/;

/**
 * Reads `30s`, `500ms`, `2m`, `1.5h`, `7d`; a bare number is in `bareUnit`.
 * Returns milliseconds, or undefined when the text is no duration.
 */
export function parseDuration(text: string, bareUnit: DurationUnit): number | undefined {
  const match = WRITTEN.exec(text.trim());
  if (match === null) return undefined;
  const unit = (match[2] ?? bareUnit) as DurationUnit;
  return Math.round(Number(match[1]) * UNIT_MS[unit]);
}

/** Writes milliseconds in words of at most two units: `1 h 5 min`, `2 s`, `350 ms`. */
export function describeDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const total = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor((total % 86_400) / 3600), 'h'],
    [Math.floor((total % 3600) / 60), 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** Writes milliseconds the way a setting takes them: `30s`, `500ms`, `2m`. */
export function writeDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= UNIT_MS[unit] && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
