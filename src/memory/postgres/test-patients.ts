import { expect, vi } from 'vitest';
import { createLog } from '../../platform/logging.js';
import { type MemoryStore } from '../memory.store.js';
import { startStore, type TestStore } from '../test-store.js';

/** Longest a request of a patient may wait, ms. */
export const TIMEOUT_MS = 2000;

/** What a busy machine may add, ms. */
export const SLACK_MS = 2000;

/** Stores whose server does them harm. */
export class Patients {
  readonly #stores: MemoryStore[] = [];
  /** What they have logged. */
  log = '';

  /** Begins to open a store on this database. */
  start(url: string): TestStore {
    const log = createLog('trace', 'json', { write: (line: string) => (this.log += line) });
    const patience = { MEMORY_REOPEN_INTERVAL: '200ms', MEMORY_STATEMENT_TIMEOUT: `${TIMEOUT_MS}ms` };
    const started = startStore({ DATABASE_URL: url, ...patience }, log);
    this.#stores.push(started.store);
    return started;
  }

  /** Closes them all. */
  async leave(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close();
    this.log = '';
  }
}

/** Resolves when a store is in this state. */
export async function state(store: MemoryStore, wanted: string): Promise<void> {
  await vi.waitFor(
    () => {
      expect(store.status().state).toBe(wanted);
    },
    { timeout: 15_000, interval: 20 },
  );
}

/** The words in which a store refuses work for want of its database. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const [result] = await Promise.allSettled([work]);
  const retryAfterMs = expect.any(Number) as unknown;
  expect(result).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE', status: 503, retryAfterMs } });
  return ((result as PromiseRejectedResult).reason as Error).message;
}
