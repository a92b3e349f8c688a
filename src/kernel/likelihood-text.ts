/** A probability is told in steps of so many percent: it is an estimate, and a text that changes at every look cannot be read. */
const STEP = 5;
/** What is likelier is told as more than this, percent: the future is never sure. */
const MOST = 95;

/** A probability from 0 to 1, rounded down: `90 %`, `over 95 %`. */
export function probabilityText(probability: number): string {
  // A share of 0.85 is not quite 85 % in binary.
  const percent = Math.floor(probability * 100 + 1e-9);
  return percent >= MOST ? `over ${MOST} %` : `${percent - (percent % STEP)} %`;
}

/** How soon, ms in whole minutes, above a quarter of an hour in steps of five: `within 5 min`. */
export function withinText(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return `within ${minutes <= 15 ? minutes : Math.ceil(minutes / 5) * 5} min`;
}
