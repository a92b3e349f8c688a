import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreFault } from '../domain/store-fault.js';
import { connect, type Connection } from './connection.js';
import { makeDirectory, removeIfThere } from './durable-files.js';
import { fate, identify, type FileIdentity } from './file-identity.js';

/**
 * Keeps a second node away from a database: a connection that holds an exclusive transaction on a file beside it.
 * The kernel frees it when the process dies, however it dies; a lock that were a mere file would outlive its maker.
 */
export class DirectoryLock {
  #held: { readonly connection: Connection; readonly identity: FileIdentity } | undefined;

  /** @param path of the lock file; a text file beside it names the holder */
  constructor(private readonly path: string) {}

  /** Takes the lock, or sees that it is still held. Throws StoreFault `held` while another holds it. */
  async acquire(): Promise<void> {
    if (await this.stillHeld()) return;
    await this.release();
    await makeDirectory(dirname(this.path));
    const connection = await connect(this.path, 'create');
    try {
      // Nothing is ever written, so there is nothing to roll back, and no file for it to be left over.
      await connection.run('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
      const identity = await identify(this.path);
      if (identity === undefined) throw new StoreFault('missing');
      // For people only: a full disk does not keep a node from its store.
      await writeFile(this.#holder, `${process.pid}\n`).catch(() => undefined);
      this.#held = { connection, identity };
    } catch (error) {
      await connection.close();
      throw error instanceof StoreFault && error.kind === 'locked' ? await this.#heldByAnother(error) : error;
    }
  }

  /** Whether it is held, and on the file that others would find. */
  async stillHeld(): Promise<boolean> {
    if (this.#held === undefined) return false;
    return fate(this.#held.identity, await identify(this.path)) === 'same';
  }

  /** Gives it back. The file stays: one removed under a waiting node would let two nodes in. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    await removeIfThere(this.#holder).catch(() => undefined);
    await held.connection.close();
  }

  get #holder(): string {
    return `${this.path}.pid`;
  }

  async #heldByAnother(cause: StoreFault): Promise<StoreFault> {
    const text = await readFile(this.#holder, 'utf8').catch(() => '');
    return new StoreFault('held', cause, /^\d{1,10}\n$/.test(text) ? `process ${text.trim()}` : undefined);
  }
}
