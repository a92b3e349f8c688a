/** Size of a stored turn. */
export interface TurnSize {
  readonly id: number;
  /** Bytes of its stored content. */
  readonly bytes: number;
}

/**
 * The newest turn that no longer fits: it and all older ones are to go. `newestFirst` is a session's turns;
 * undefined when all fit. The newest turn is always kept, whatever its size.
 */
export function firstTurnToGo(
  newestFirst: readonly TurnSize[],
  maxTurns: number,
  maxBytes: number,
): number | undefined {
  let bytes = 0;
  const index = newestFirst.findIndex((turn, place) => {
    bytes += turn.bytes;
    return place > 0 && (place >= maxTurns || bytes > maxBytes);
  });
  return newestFirst[index]?.id;
}
