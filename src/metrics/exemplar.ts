import { type RequestFinished } from '../platform/request-context.js';

/** A trace that shows how an observation came about. */
export interface Exemplar {
  readonly traceId: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A request as an example, where somebody records its trace: an id that leads nowhere helps nobody. `wall` in epoch ms. */
export function exemplarOf({ identity }: RequestFinished, wall: number): Exemplar | undefined {
  if (identity === undefined) return undefined;
  // Bit 0 of the flags, which stand last in the header.
  const sampled = (Number.parseInt(identity.traceparent.slice(-1), 16) & 1) === 1;
  return sampled ? { traceId: identity.traceId, at: wall } : undefined;
}
