import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock } from '../../kernel/clock.js';
import { type Log } from '../../platform/logging.js';
import { backupDue, isCovered } from '../domain/backup-plan.js';
import { type Mark } from '../domain/repair-plan.js';
import { callsForRepair, StoreFault, storeFault } from '../domain/store-fault.js';
import { type DurabilitySettings } from '../durability.settings.js';
import { type Backups } from './backups.js';
import { connect, connected, type Connection } from './connection.js';
import { type FileGuard } from './file-guard.js';
import { type RedoJournal } from './redo-journal.js';
import { checkThoroughly } from './row-check.js';
import { sizeOf, type StoreFiles } from './store-files.js';
import { checkFile } from './verified-file.js';

/** What the upkeep works on. */
export interface UpkeepTools {
  readonly files: StoreFiles;
  readonly journal: RedoJournal;
  readonly backups: Backups;
  readonly guard: FileGuard;
  readonly clock: Clock;
  readonly log: Log;
  /** How long it waits for the lock of the database, ms. */
  readonly busyTimeoutMs: number;
  /** How far the database has come. */
  readonly mark: () => Mark;
  /** Told of a fault that was found. */
  readonly alarm: (fault: StoreFault) => void;
}

/** Free space a backup leaves on the disk, as a part of the database's size. */
const SPARE = 0.5;

/** Keeps an open database in order beside the work on it: one task at a time, each on a connection of its own. */
export class Upkeep {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Ends the task that runs: nobody waits for a backup of all there is. */
  #stop = new AbortController();
  #checkAt = 0;
  #checks = 0;
  /** How far the database had come when there were no pages to give back: only what is written leaves any. */
  #vacuumedAt: number | undefined;
  #trouble: string | undefined;
  #backedUpAt: number | undefined;

  constructor(
    private readonly tools: UpkeepTools,
    private readonly settings: DurabilitySettings,
  ) {}

  /** When the newest backup was made, wall-clock ms; undefined when there is none. */
  get backedUpAt(): number | undefined {
    return this.#backedUpAt;
  }

  /** Begins; `checked` says that the file was checked just now. */
  start(checked: boolean): void {
    this.#stop = new AbortController();
    this.#vacuumedAt = undefined;
    this.#checkAt = this.tools.clock.now() + (checked ? this.settings.checkIntervalMs : 0);
    this.#next();
  }

  /**
   * Makes a backup before anything else where the file is all there is, and small enough for that to be quick; a larger
   * one gets its backup beside the first writes. A backup that cannot be made now is tried again later.
   */
  async secure(): Promise<void> {
    const { journal, mark, files, backups } = this.tools;
    const [newest] = await backups.list();
    const small = ((await sizeOf(files.database)) ?? 0) <= this.settings.checkAtStartBytes;
    this.#stop = new AbortController();
    if (small && !isCovered({ mark: mark(), newest, reach: journal.reach })) await this.#try([() => this.#backUp()]);
  }

  /** Ends, and the task that runs with it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #next(): void {
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      const tasks = [() => this.#tidyLog(), () => this.#backUp(), () => this.#check(), () => this.#vacuum()];
      this.#running = this.#try(tasks).finally(() => {
        this.#next();
      });
    }, this.settings.watchIntervalMs).unref();
  }

  /** Never rejects: what cannot be done now is tried again in the next round. */
  async #try(tasks: readonly (() => Promise<void>)[]): Promise<void> {
    try {
      for (const task of tasks) if (!this.#stop.signal.aborted) await task();
      this.#trouble = undefined;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const fault = storeFault(error) ?? new StoreFault('broken', error);
      if (callsForRepair(fault)) this.tools.alarm(fault);
      if (fault.message === this.#trouble) return;
      this.#trouble = fault.message;
      const event = 'memory_upkeep_failed';
      this.tools.log.warn({ event, err: fault.cause ?? fault }, `upkeep of the memory store failed: ${fault.message}`);
    }
  }

  /** Moves the write-ahead log into the file. */
  async #tidyLog(): Promise<void> {
    const { files, guard, busyTimeoutMs } = this.tools;
    const size = (await sizeOf(`${files.database}-wal`)) ?? 0;
    if (size < this.settings.logBytes) return;
    await guard.whileShrinking(async () => {
      const connection = await connect(files.database, 'write', { busyTimeoutMs, signal: this.#stop.signal });
      try {
        const [done] = await connection.all<{ log: number; checkpointed: number }>('PRAGMA wal_checkpoint(PASSIVE)');
        const all = done !== undefined && done.log === done.checkpointed;
        // The log begins anew only when no write comes in between: past its limit they are made to wait.
        if (size > this.settings.logLimitBytes || all) await connection.run('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        await connection.close();
      }
    });
  }

  async #backUp(): Promise<void> {
    const { files, journal, backups, clock, mark } = this.tools;
    const [newest] = await backups.list();
    this.#backedUpAt = newest?.at;
    const databaseBytes = (await sizeOf(files.database)) ?? 0;
    const redoBytes = newest === undefined ? 0 : journal.bytesAfter(newest.sequence);
    const facts = { now: clock.wall(), mark: mark(), reach: journal.reach, newest, databaseBytes, redoBytes };
    const { backupIntervalMs: intervalMs, backupCount: count, backupAgeMs: ageMs } = this.settings;
    if (!backupDue(facts, { intervalMs, redoBytes: this.settings.redoBytes / 2 })) return;
    await requireSpace(dirname(files.database), databaseBytes);
    const { signal } = this.#stop;
    const made = await backups.make((path) => copyInto(files.database, path, signal), clock.wall(), signal);
    this.tools.log.info({ event: 'memory_backed_up', backup: made.name }, 'the memory store was backed up');
    await backups.prune({ count, ageMs }, clock.wall());
    // The journal reaches back to the second newest, for the case that the newest has gone bad.
    const [, second] = await backups.list();
    const needless = count === 1 ? made.mark.sequence : (second?.sequence ?? 0);
    await journal.forgetUpTo(needless, this.settings.redoBytes / 2);
  }

  async #check(): Promise<void> {
    const { clock, files, backups } = this.tools;
    if (clock.now() < this.#checkAt) return;
    this.#checks++;
    if (this.#checks % this.settings.thoroughEvery === 0) {
      await checkThoroughly(files.database, this.#stop.signal);
      await backups.newestGood(this.#stop.signal);
    } else await checkFile(files.database, this.#stop.signal);
    this.#checkAt = clock.now() + this.settings.checkIntervalMs;
  }

  /** Gives unused pages back, a few at a time, and keeps as many for what comes. */
  async #vacuum(): Promise<void> {
    const { files, guard, busyTimeoutMs } = this.tools;
    const { sequence } = this.tools.mark();
    if (sequence === this.#vacuumedAt) return;
    const step = this.settings.vacuumPages;
    const free = await connected(files.database, 'read', (connection) => numberOf(connection, 'freelist_count'));
    if (free < 2 * step) {
      this.#vacuumedAt = sequence;
      return;
    }
    await guard.whileShrinking(async () => {
      const connection = await connect(files.database, 'write', { busyTimeoutMs, signal: this.#stop.signal });
      try {
        await connection.run(`PRAGMA incremental_vacuum(${step})`);
      } finally {
        await connection.close();
      }
    });
  }
}

/** Copies a database that may be in use, as it is at one moment, without its unused pages. */
async function copyInto(database: string, path: string, signal: AbortSignal): Promise<void> {
  await connected(database, 'read', (connection) => connection.all('VACUUM INTO ?', [path]), { signal });
}

async function numberOf(connection: Connection, pragma: string): Promise<number> {
  const [row] = await connection.all<Record<string, number>>(`PRAGMA ${pragma}`);
  return row?.[pragma] ?? 0;
}

/** Throws StoreFault `full` where a copy would leave too little for the writes. */
async function requireSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < bytes * (1 + SPARE)) throw new StoreFault('full');
}
