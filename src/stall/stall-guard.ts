import { url as debuggerUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { type LogFormat } from '../platform/logging.js';

/** How often the loop says that it turns, ms. */
const BEAT_MS = 250;

/** Places in the memory that the loop and its guard share. */
export const CELL = { turns: 0, debugged: 1 } as const;

/** What the guard is told; it asks the process nothing, which may not answer. */
export interface GuardOrders {
  readonly cells: Int32Array;
  /** How long the loop may stand still, ms. */
  readonly limitMs: number;
  /** The log of lives, and which one to end in it; undefined writes none. */
  readonly lifeFile: string | undefined;
  readonly lifeId: string;
  readonly logFormat: LogFormat;
}

/**
 * Has a thread of its own watch the event loop: one that stands still serves nobody and cannot notice it, so the
 * process is ended from outside of it, with the reason written down. Holds nothing open.
 * @param lost is told when the thread has failed, and the loop is watched no more
 */
export function guardLoop(orders: Omit<GuardOrders, 'cells'>, lost: (error: unknown) => void): void {
  const cells = new Int32Array(new SharedArrayBuffer(Object.keys(CELL).length * Int32Array.BYTES_PER_ELEMENT));
  const workerData: GuardOrders = { ...orders, cells };
  const options = { workerData, name: 'stall guard', execArgv: [], env: {} };
  const guard = new Worker(new URL('./stall-watcher.js', import.meta.url), options);
  guard.on('error', lost);
  guard.unref();
  setInterval(() => {
    Atomics.add(cells, CELL.turns, 1);
    // Who stands at a breakpoint wants the process to stand still.
    Atomics.store(cells, CELL.debugged, debuggerUrl() === undefined ? 0 : 1);
  }, BEAT_MS).unref();
}
