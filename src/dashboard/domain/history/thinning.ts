/** Most rows of a table of values: what a person can still read through. */
export const MOST_ROWS = 100;

/**
 * Places of the rows that a table of `count` points shows, the latest first: every n-th, counted from the latest, and
 * `limit` at most.
 */
export function thinned(count: number, limit = MOST_ROWS): number[] {
  const every = Math.max(1, Math.ceil(count / limit));
  const places: number[] = [];
  for (let place = count - 1; place >= 0; place -= every) places.push(place);
  return places;
}
