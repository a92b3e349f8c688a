import { type DataSource } from 'typeorm';
import { checkpoint, openReader, openStill, openWriter, type SqliteOptions } from './sqlite-connection.js';

/** The two connections to the file, replaced together. */
export class SqliteConnections {
  #writer: DataSource | undefined;
  #reader: DataSource | undefined;
  /** Whether the reader takes the file to stand still. */
  #still = false;
  #retiring: Promise<unknown> = Promise.resolve();

  /** @param settled resolves when the work that now runs on the connections has ended */
  constructor(
    private readonly options: SqliteOptions,
    private readonly settled: () => Promise<unknown>,
  ) {}

  /** The connection for writes; undefined until opening has succeeded once. */
  get writer(): DataSource | undefined {
    return this.#writer;
  }

  /** The connection for reads; there may be one although nothing can be written. */
  get reader(): DataSource | undefined {
    return this.#reader;
  }

  /** Opens both anew and closes the old ones when they are no longer used. Throws StoreFault, and then changes nothing but that a file on a disk that took nothing is read anew. */
  async open(): Promise<void> {
    const opened: DataSource[] = [];
    if (this.#still) await this.#endStill();
    try {
      opened.push(await openWriter(this.options));
      opened.push(await openReader(this.options));
    } catch (error) {
      await destroyAll(opened);
      throw error;
    }
    const old = [this.#writer, this.#reader];
    [this.#writer, this.#reader] = opened;
    this.#retiring = this.settled().then(() => destroyAll(old));
  }

  /** Opens what can only be read, where nothing is open; does nothing when that fails too. */
  async openToRead(): Promise<void> {
    if (this.#reader !== undefined) return;
    this.#reader = await openReader(this.options).catch(() => undefined);
    if (this.#reader !== undefined) return;
    this.#reader = await openStill(this.options).catch(() => undefined);
    this.#still = this.#reader !== undefined;
  }

  /** Before anything is written, what takes the file to stand still has to go. */
  async #endStill(): Promise<void> {
    const still = this.#reader;
    this.#reader = undefined;
    this.#still = false;
    await this.settled();
    await destroyAll([still]);
  }

  /** Closes both as they are; nothing may run on them. */
  async drop(): Promise<void> {
    const open = [this.#writer, this.#reader];
    this.#writer = this.#reader = undefined;
    this.#still = false;
    await this.#retiring;
    await destroyAll(open);
  }

  /** Closes both with all that was written moved into the file itself. Rejects when that fails; nothing is lost by it. */
  async close(): Promise<void> {
    const [writer, reader] = [this.#writer, this.#reader];
    this.#writer = this.#reader = undefined;
    await this.#retiring;
    await destroyAll([reader]);
    try {
      if (writer !== undefined) await checkpoint(writer);
    } finally {
      await destroyAll([writer]);
    }
  }
}

async function destroyAll(sources: readonly (DataSource | undefined)[]): Promise<void> {
  for (const source of sources) await source?.destroy().catch(() => undefined);
}
