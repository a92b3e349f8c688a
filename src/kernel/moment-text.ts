const DAY_MS = 86_400_000;

/** A point in time for people, in UTC: `21:04 UTC`, with its date where it is a day or more from now. Both in epoch ms. */
export function momentText(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  return Math.abs(now - at) < DAY_MS ? time : `${iso.slice(0, 10)} ${time}`;
}
