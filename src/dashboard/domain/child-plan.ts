/** How the children of an element become others, each told by a key that says what it can be made of. */
export interface ChildPlan {
  /** For each child that is wanted the place of the one there is that becomes it; undefined for one that is new. */
  readonly from: readonly (number | undefined)[];
  /** Places, among those wanted, of the most that can stay where they are; all others of `from` are moved. */
  readonly stay: ReadonlySet<number>;
}

/**
 * Plans which of the children there are become which that are wanted: the first of a key the first of that key. The one
 * at the place `kept`, if any, stays where it is and others are moved around it.
 */
export function planChildren(there: readonly string[], wanted: readonly string[], kept = -1): ChildPlan {
  const free = new Map<string, number[]>();
  there.forEach((key, place) => {
    const places = free.get(key);
    if (places === undefined) free.set(key, [place]);
    else places.push(place);
  });
  // Taken from the end, which is cheap, and so turned round first.
  for (const places of free.values()) places.reverse();
  const from = wanted.map((key) => free.get(key)?.pop());
  return { from, stay: longestRise(around(from, kept)) };
}

/** What can stay beside the one that is kept: so the longest rise of that has the one that is kept in it. */
function around(from: readonly (number | undefined)[], kept: number): readonly (number | undefined)[] {
  const at = from.indexOf(kept);
  if (at < 0) return from;
  return from.map((value, place) =>
    value !== undefined && place < at === value < kept ? value : place === at ? kept : undefined,
  );
}

/** Places of the longest part of a list that rises, by patience: each value goes on the first pile it does not rise above. */
function longestRise(values: readonly (number | undefined)[]): ReadonlySet<number> {
  const tops: number[] = [];
  const before = new Map<number, number | undefined>();
  const at = (place: number): number => values[place] ?? -1;
  values.forEach((value, place) => {
    if (value === undefined) return;
    let pile = tops.findIndex((top) => at(top) >= value);
    if (pile < 0) pile = tops.length;
    before.set(place, tops[pile - 1]);
    tops[pile] = place;
  });
  const stay = new Set<number>();
  for (let place = tops.at(-1); place !== undefined; place = before.get(place)) stay.add(place);
  return stay;
}
