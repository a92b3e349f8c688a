import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { gatewayError } from '../kernel/error-codes.js';
import { EventStream } from '../kernel/event-stream.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { storeOperation } from '../tracing/index.js';
import { GroupQueue } from './domain/group-queue.js';
import { isWhole, type RepairReport, repairText } from './domain/repair-report.js';
import { callsForRepair, StoreFault, storeFault } from './domain/store-fault.js';
import { TaskQueue } from './domain/task-queue.js';
import { type Write, type WriteOutcome } from './domain/write.js';
import { type CopyFigures, type Database, type DatabaseHost, type ReadWork } from './database.js';
import { databaseOf } from './database-of.js';
import { type DurabilitySettings, durabilitySettings } from './durability.settings.js';
import { MemoryMetrics, resultOf } from './memory.metrics.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { openInTurn } from './open-in-turn.js';
import { overloadOf } from './queue-overload.js';
import { readBack } from './read-back.js';
import { StoreStanding } from './store-standing.js';
import { type StoreStatus } from './store-status.js';

/**
 * The store's life and its two doors: one queue of writes, each durable before it is acknowledged, and one
 * of reads. It opens in the background and tries again while it cannot: the node serves without it.
 */
@Injectable()
export class MemoryStore implements DatabaseHost, OnApplicationBootstrap, OnApplicationShutdown {
  /** Repairs of the store, as they are done. */
  readonly repairs = new EventStream<RepairReport>((error) => {
    this.log.error({ err: error }, 'a listener of repairs failed');
  });
  readonly #writes: GroupQueue;
  readonly #reads: TaskQueue;
  readonly #database: Database;
  readonly #standing: StoreStanding;
  #repair: RepairReport | undefined;
  /** The attempt to open that is under way, or the last one; never rejects. */
  #attempt: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closing = false;
  #closed: Promise<void> | undefined;
  /** Milliseconds a write took lately, a moving mean. */
  #pace = 0;

  constructor(
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
    @Inject(durabilitySettings.KEY) durability: DurabilitySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(MemoryMetrics) private readonly metrics: MemoryMetrics,
  ) {
    const { queueLimit: waiting, queueBytes: waitingBytes, groupLimit: group, groupBytes } = settings;
    this.#writes = new GroupQueue({ waiting, waitingBytes, group, groupBytes }, (take) => this.#commit(take));
    this.#database = databaseOf(settings, { durability, clock, log, host: this });
    this.#reads = new TaskQueue(settings.readQueueLimit, this.#database.readsAtOnce);
    this.#standing = new StoreStanding(clock, log);
    const copies = (): CopyFigures | undefined => this.#database.copies;
    metrics.attach({ queueLength: () => this.#writes.length, state: () => this.#standing.state, copies });
  }

  onApplicationBootstrap(): void {
    void this.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** What readiness and `GET /health` show. */
  status(): StoreStatus {
    const { state, reason, since } = this.#standing;
    return {
      state,
      ...(reason === undefined ? {} : { reason }),
      since,
      path: this.#database.name,
      readable: this.#database.readable,
      required: this.settings.required,
      ...(this.#repair === undefined ? {} : { lastRepair: this.#repair }),
    };
  }

  /** Opens the store, or opens it again, unless an attempt is under way. Resolves when the attempt has ended, however. */
  open(): Promise<void> {
    if (this.#closing) return Promise.resolve();
    this.#attempt ??= this.#open().finally(() => {
      this.#attempt = undefined;
    });
    return this.#attempt;
  }

  /**
   * Makes a write and resolves when it is durable, with what it decided; of one that throws nothing is kept.
   * Throws OVERLOADED when too many writes wait, STORE_UNAVAILABLE when the store takes none.
   */
  async write<T>(write: Write<T>): Promise<T> {
    const asked = this.clock.now();
    try {
      const result = await this.#inTurn(this.#writes, () => this.#writes.add(write));
      this.metrics.wrote('ok', (this.clock.now() - asked) / 1000);
      return result;
    } catch (error) {
      this.metrics.wrote(resultOf(error));
      throw error;
    }
  }

  /**
   * Runs work that only reads; it sees every acknowledged write. Several statements of one work are no
   * snapshot. Throws OVERLOADED when too many reads wait, STORE_UNAVAILABLE when nothing can be read.
   */
  read<T>(work: ReadWork<T>): Promise<T> {
    const task = async (): Promise<T> => {
      await this.#firstAttempt();
      if (!this.#database.readable) throw this.#standing.unavailable();
      try {
        return await this.#database.read(work);
      } catch (error) {
        throw this.#shown(error);
      }
    };
    return this.#inTurn(this.#reads, () => this.#reads.run(task));
  }

  /**
   * Checks the store as it is on the disk and that a write can be read back; opens it first when it is not open,
   * and repairs what is damaged.
   * Throws an error whose message says what is wrong.
   */
  async check(): Promise<void> {
    if (this.#standing.state !== 'ready') await this.open();
    if (this.#standing.state !== 'ready') throw this.#standing.unavailable();
    await this.#database.check().catch((error: unknown) => this.#repaired(error));
    await readBack(this);
  }

  /** Refuses new work, lets what waits finish, and closes the file with everything in it. Once; later callers wait for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    await this.#attempt;
    await this.idle();
    try {
      await this.#database.close();
    } catch (error) {
      // What was acknowledged is in the write-ahead log; the next start finds it there.
      this.log.warn({ event: 'memory_closed', err: error }, 'the memory store could not be closed cleanly');
    }
  }

  /** Resolves when the work that runs now has ended. */
  async idle(): Promise<void> {
    await Promise.all([this.#writes.idle(), this.#reads.idle()]);
  }

  /** Takes a fault that was found beside the writes. */
  alarm(fault: StoreFault): void {
    if (this.#standing.state === 'ready') this.#fail(fault);
  }

  /** Takes what a repair has come to, and tells it. */
  repaired(report: RepairReport): void {
    this.#repair = report;
    this.metrics.repaired(isWhole(report));
    this.log.warn({ event: 'memory_repaired', ...report }, repairText(report));
    this.repairs.publish(report);
  }

  async #open(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const waitMs = this.#standing.state === 'opening' ? this.settings.lockWaitMs : 0;
      await openInTurn(this.#database, this.clock, { waitMs, givenUp: () => this.#closing });
      this.#standing.enter('ready');
    } catch (error) {
      this.#fail(storeFault(error) ?? new StoreFault('broken', error));
    }
  }

  /** Opens the store anew after a fault that calls for it; throws the fault when it is another, or that did not help. */
  async #repaired(error: unknown): Promise<void> {
    const fault = storeFault(error);
    if (fault === undefined || !callsForRepair(fault)) throw this.#shown(error);
    this.alarm(fault);
    await this.open();
    if (this.#standing.state !== 'ready') throw this.#standing.unavailable();
  }

  /** Writes stop at once, so that what waits does not wait for the same fault again, until an attempt to open succeeds. */
  #fail(fault: StoreFault): void {
    // Where opening repairs, there is nothing to wait for; where that has failed, there is.
    const waitMs = callsForRepair(fault) && this.#standing.state === 'ready' ? 0 : this.settings.reopenIntervalMs;
    this.#standing.enter('unusable', fault.message, fault.cause);
    if (this.#closing) return;
    clearTimeout(this.#retry);
    this.#standing.retryIn(waitMs);
    this.#retry = setTimeout(() => void this.open(), waitMs).unref();
  }

  async #inTurn<T>(queue: { readonly length: number }, run: () => Promise<T>): Promise<T> {
    if (this.#closing) throw gatewayError('DRAINING', 'The node is shutting down; the memory store is closing.');
    try {
      return await storeOperation(queue === this.#writes ? 'write' : 'read', run);
    } catch (error) {
      throw overloadOf(error, queue.length * this.#pace);
    }
  }

  async #commit(take: () => readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    await this.#firstAttempt();
    if (this.#standing.state !== 'ready') return take().map(() => ({ error: this.#standing.unavailable() }));
    const begun = this.clock.now();
    let group: readonly Write<unknown>[] | undefined;
    try {
      const outcomes = await this.#database.commit(() => (group = take()));
      this.#pace += ((this.clock.now() - begun) / outcomes.length - this.#pace) / 8;
      return outcomes;
    } catch (error) {
      const writes = group ?? take();
      const fault = storeFault(error);
      if (fault === undefined && writes.length > 1) return await this.#apart(writes);
      if (fault !== undefined) this.#fail(fault);
      return writes.map(() => ({ error: this.#shown(error) }));
    }
  }

  /** A statement of one of them failed, and with it the group: the others do not suffer for it. */
  async #apart(writes: readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    const outcomes: WriteOutcome[] = [];
    for (const write of writes) outcomes.push(...(await this.#commit(() => [write])));
    return outcomes;
  }

  /** Requests that come while the store opens for the first time wait for it rather than fail. */
  async #firstAttempt(): Promise<void> {
    if (this.#standing.state === 'opening') await this.#attempt;
  }

  #shown(error: unknown): unknown {
    const fault = storeFault(error);
    return fault === undefined ? error : this.#standing.unavailable(fault);
  }
}
