import { write } from 'node:fs';
import { open } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { endLine } from '../platform/domain/life-log.js';
import { StallCount } from './domain/stall-count.js';
import { CELL, type GuardOrders } from './stall-guard.js';
import { stuckPlace } from './stuck-place.js';

/** Between two looks at the loop, ms: twice the time between two of its beats. */
const LOOK_MS = 500;
/** Longest waits for each of the two logs, since a disk or a reader may be stuck too, and for the place where the loop is stuck, ms. */
const WORDS_MS = 1000;
const PLACE_MS = 3000;

const { cells, limitMs, lifeFile, lifeId, logFormat } = workerData as GuardOrders;
const count = new StallCount();
const looks = Math.ceil(limitMs / LOOK_MS);

const watch = setInterval(() => {
  if (Atomics.load(cells, CELL.debugged) === 1) {
    count.forget();
    return;
  }
  if (count.look(Atomics.load(cells, CELL.turns)) < looks) return;
  clearInterval(watch);
  void end();
}, LOOK_MS);

async function end(): Promise<void> {
  const place = await stuckPlace(PLACE_MS);
  // It may have turned at the last moment; a pause of the debugger is undone by the thread's end.
  const where = place === undefined ? 'outside of JavaScript' : `in ${place}`;
  const reason = `the event loop stood still for ${Math.round((looks * LOOK_MS) / 1000)} s, stuck ${where}`;
  await atMost(noteEnd(reason));
  await atMost(tell(reason));
  process.kill(process.pid, 'SIGKILL');
}

async function noteEnd(reason: string): Promise<void> {
  if (lifeFile === undefined) return;
  const file = await open(lifeFile, 'a', 0o600);
  await file.write(
    endLine(lifeId, { endedAt: Date.now(), code: undefined, kind: 'stalled', cause: 'internal_fault', reason }),
  );
  await file.sync();
}

/** One line in the form of the node's own, straight to standard output: what the main thread holds back is lost. */
async function tell(reason: string): Promise<void> {
  const { createLog } = await import('../platform/logging.js');
  let line = '';
  const fields = { event: 'watchdog_exit', cause: 'internal_fault' };
  createLog('fatal', logFormat === 'pretty' ? 'json' : logFormat, { write: (text) => (line += text) }).fatal(
    fields,
    reason,
  );
  // Not the synchronous write: nobody may be reading, and it would never return.
  await new Promise((resolve) => {
    write(1, line, resolve);
  });
}

function atMost(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    setTimeout(done, WORDS_MS);
    work.then(done, done);
  });
}
