import { type Worker } from 'node:cluster';
import { RestartBackoff } from './domain/restart-backoff.js';

/** One process of the node, as its supervisor sees it. */
export interface Member {
  readonly worker: Worker;
  /** Since when it serves, monotonic ms; undefined while it starts. */
  servingSince: number | undefined;
  /** Whether it was told to leave. */
  leaving: boolean;
}

/** One of the places that are to be filled: who serves there, and who is about to. */
export class Place {
  readonly backoff = new RestartBackoff();
  /** Who serves here, or starts to; undefined while the next start is waited for. */
  current: Member | undefined;
  /** Who starts beside it to take over. */
  successor: Member | undefined;

  constructor(readonly number: number) {}
}

/** How long a member has served, ms. */
export function servedMs({ servingSince }: Member): number {
  return servingSince === undefined ? 0 : performance.now() - servingSince;
}
