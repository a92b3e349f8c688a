/**
 * Milliseconds that the header `retry-after-ms` or `Retry-After` (RFC 9110 section 10.2.3: seconds, or a date)
 * asks to wait; undefined when neither can be read. `wall` is the time now, ms since the Unix epoch.
 */
export function headerWait(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  wall: number,
): number | undefined {
  const exact = numberOf(headers['retry-after-ms']);
  if (exact !== undefined) return Math.ceil(exact);
  const value = headers['retry-after'];
  const seconds = numberOf(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  // A date always names its month: without letters it would be read as a year.
  const date = typeof value === 'string' && /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - wall);
}

function numberOf(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\s*\d{1,12}(\.\d{1,9})?\s*$/.test(value) ? Number(value) : undefined;
}
