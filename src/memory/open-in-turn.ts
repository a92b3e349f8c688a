import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock } from '../kernel/clock.js';
import { type Database } from './database.js';
import { storeFault } from './domain/store-fault.js';

/** How often a lock that another node holds is looked at, ms. */
const LOOK_MS = 100;

/**
 * Opens a database; waits at most `waitMs` for a node that has it and is about to leave. Throws StoreFault, of kind
 * `held` when that one has it still.
 */
export async function openInTurn(
  database: Database,
  clock: Clock,
  { waitMs, givenUp }: { readonly waitMs: number; readonly givenUp: () => boolean },
): Promise<void> {
  const deadline = clock.now() + waitMs;
  for (;;) {
    try {
      await database.open();
      return;
    } catch (error) {
      if (storeFault(error)?.kind !== 'held' || givenUp() || clock.now() >= deadline) throw error;
    }
    await sleep(LOOK_MS);
  }
}
