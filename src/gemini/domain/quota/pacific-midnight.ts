/** Google resets daily quotas at midnight in California. */
const CALIFORNIA = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/** Hours by which California is behind UTC at midnight: in summer and in winter. */
const BEHIND = [7, 8] as const;

/**
 * The next midnight in California after the moment `wall`; both in milliseconds since the Unix epoch.
 * At most 25 hours away, since the day on which summer time ends has that many.
 */
export function nextPacificMidnight(wall: number): number {
  const today = californian(wall);
  const candidates = BEHIND.map((hours) => Date.UTC(today.year, today.month - 1, today.day + 1, hours));
  // Clocks change at two in the morning, so exactly one of the two is midnight.
  return candidates.find((moment) => californian(moment).hour === 0) ?? Math.max(...candidates);
}

function californian(wall: number): { year: number; month: number; day: number; hour: number } {
  const read = { year: 0, month: 0, day: 0, hour: 0 };
  for (const { type, value } of CALIFORNIA.formatToParts(wall)) {
    if (type in read) read[type as keyof typeof read] = Number(value);
  }
  return read;
}
