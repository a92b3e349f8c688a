import { dirname } from 'node:path';
import { type DataSource } from 'typeorm';
import { type Clock } from '../../kernel/clock.js';
import { type Log } from '../../platform/logging.js';
import { type DatabaseHost } from '../database.js';
import { type Mark } from '../domain/repair-plan.js';
import { callsForRepair, StoreFault, storeFault } from '../domain/store-fault.js';
import { type DurabilitySettings } from '../durability.settings.js';
import { applyChanges } from '../group-transaction.js';
import { Backups } from './backups.js';
import { DirectoryLock } from './directory-lock.js';
import { makeDirectory } from './durable-files.js';
import { FileGuard } from './file-guard.js';
import { type Closeness, makeReady } from './opening.js';
import { redo } from './redo.js';
import { RedoJournal } from './redo-journal.js';
import { finish } from './repair.js';
import { type SqliteOptions, transact } from './sqlite-connection.js';
import { type SqliteConnections } from './sqlite-connections.js';
import { newStoreId, readStoreId, setStoreId } from './store-id.js';
import { filesOf, removeDatabase, sizeOf, type StoreFiles } from './store-files.js';
import { Upkeep } from './upkeep.js';
import { readMarkOf, verifyFile } from './verified-file.js';

/** What an SQLite database is made with. */
export interface SqliteParts {
  readonly file: SqliteOptions;
  readonly durability: DurabilitySettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly host: DatabaseHost;
}

/** Segments a redo journal of its full size has: it is given up by the segment. */
const SEGMENTS = 16;

/** All that stands around the connections to a database file, so that nothing acknowledged is lost with it. */
export class Safekeeping {
  readonly files: StoreFiles;
  readonly journal: RedoJournal;
  readonly backups: Backups;
  readonly guard: FileGuard;
  readonly #lock: DirectoryLock;
  readonly #upkeep: Upkeep;
  /** Whether something was read that is not what was written, and nothing was done about it yet. */
  #suspect = false;
  #checked = false;
  #watch: NodeJS.Timeout | undefined;
  #watching = false;
  /** The store it keeps; undefined until it was opened once. */
  #store: string | undefined;

  constructor(
    private readonly parts: SqliteParts,
    mark: () => Mark,
  ) {
    const { file, durability, clock, log } = parts;
    const files = (this.files = filesOf(file.path));
    const segmentBytes = Math.ceil(durability.redoBytes / SEGMENTS);
    const journal = (this.journal = new RedoJournal({ directory: files.redo, segmentBytes }));
    const backups = (this.backups = new Backups(files.backups));
    const guard = (this.guard = new FileGuard(files.database, journal));
    this.#lock = new DirectoryLock(files.lock);
    const alarm = (fault: StoreFault): void => {
      this.found(fault);
    };
    const { busyTimeoutMs } = file;
    this.#upkeep = new Upkeep({ files, journal, backups, guard, clock, log, busyTimeoutMs, mark, alarm }, durability);
  }

  /** Makes a file ready to be opened: takes the lock, saves what only open connections still have, and repairs. Returns the store it is of, as far as that is known. Throws StoreFault. */
  async prepare(connections: SqliteConnections): Promise<string | undefined> {
    await this.pause();
    await this.#lock.acquire();
    await this.#clear(connections);
    const closeness = await this.#closeness();
    const { files, journal, backups } = this;
    const { clock, durability, host, log } = this.parts;
    const tools = { files, journal, backups, clock, store: this.#store, salvageMs: durability.salvageMs };
    const { report, foreign, store } = await makeReady(tools, closeness);
    if (foreign.length > 0) {
      const event = 'memory_foreign_files';
      log.warn({ event, files: foreign }, 'copies of another store lay beside the memory store and were renamed');
    }
    this.#suspect = false;
    this.#checked = report !== undefined || closeness !== 'mark';
    if (report !== undefined) host.repaired(report);
    return store;
  }

  /** Does again what the file of this store lacks, and returns how far it has come then. Throws StoreFault. */
  async catchUp(writer: DataSource, store: string | undefined): Promise<Mark> {
    const { sequence } = await readMarkOf(writer);
    await this.#identify(writer, sequence > 0, store);
    if (sequence < this.journal.reach.last) await redo(writer, this.journal, sequence);
    return await this.#passOlder(writer);
  }

  /** Watches the file from now on, and keeps it in order. */
  async begin(): Promise<void> {
    await this.guard.begin();
    await this.#upkeep.secure();
    this.#upkeep.start(this.#checked);
    this.#watching = true;
    this.#watchOn();
  }

  /** When the newest backup was made, wall-clock ms; undefined when there is none. */
  get backedUpAt(): number | undefined {
    return this.#upkeep.backedUpAt;
  }

  /** Takes note of an error that says that something is not what was written, for when the file is opened anew. */
  note(error: unknown): StoreFault | undefined {
    const fault = storeFault(error);
    if (fault === undefined || !callsForRepair(fault)) return undefined;
    if (fault.kind !== 'lost') this.#suspect = true;
    return fault;
  }

  /** As `note`, and tells the store, which does not know of the error by itself. */
  found(error: unknown): void {
    const fault = this.note(error);
    if (fault !== undefined) this.parts.host.alarm(fault);
  }

  /** Ends what runs beside the work. */
  async pause(): Promise<void> {
    this.#watching = false;
    clearTimeout(this.#watch);
    await this.#upkeep.stop();
  }

  /** Lets go of everything. */
  async end(): Promise<void> {
    await this.pause();
    await this.journal.close();
    await this.#lock.release();
  }

  /** Connections that are open from before: what only they have is saved, and what is suspect is let go. */
  async #clear(connections: SqliteConnections): Promise<void> {
    if (connections.writer === undefined) {
      if (this.#suspect) await connections.drop();
      return;
    }
    const fate = await this.guard.look();
    if (fate === 'suspect') this.#suspect = true;
    if (fate !== 'lost' && !this.#suspect) return;
    await this.parts.host.idle();
    if (fate === 'lost') await this.#rescue(connections.writer, connections);
    await connections.drop();
  }

  /** Writes a database anew whose name is gone, from the connection that still has it. */
  async #rescue(writer: DataSource, connections: SqliteConnections): Promise<void> {
    const { files } = this;
    try {
      await makeDirectory(dirname(files.database));
      await removeDatabase(files.restoring);
      await writer.query('VACUUM INTO ?', [files.restoring]);
      await verifyFile(files.restoring);
      await connections.drop();
      const wall = this.parts.clock.wall();
      const setAside = await finish(files, wall);
      const at = new Date(wall).toISOString();
      const nothing = { backup: null, replayed: 0, salvaged: {}, dropped: 0, lost: null };
      this.parts.host.repaired({ cause: 'lost_while_open', at, setAside, ...nothing });
    } catch (error) {
      // What stands at the name now is looked at as at any start.
      this.#suspect = true;
      this.parts.log.warn(
        { event: 'memory_rescue_failed', err: error },
        'a lost database file could not be written anew',
      );
    }
  }

  async #closeness(): Promise<Closeness> {
    if (this.#suspect) return 'rows';
    const size = (await sizeOf(this.files.database)) ?? 0;
    return size <= this.parts.durability.checkAtStartBytes ? 'pages' : 'mark';
  }

  /**
   * What an older version left has the id of what lies beside it. A file that lies alone may be a copy of one that lives on
   * elsewhere: from here on it is another store.
   */
  async #identify(writer: DataSource, used: boolean, known: string | undefined): Promise<void> {
    const alone = this.journal.reach.last === 0 && (await this.backups.list()).length === 0;
    const copied = alone && used && this.#store === undefined;
    const store = copied ? newStoreId() : (known ?? (await readStoreId(writer)));
    await setStoreId(writer, store);
    await this.journal.belongTo(store);
    this.#store = store;
  }

  /**
   * A file older than a backup was put there on purpose: what comes now is to be newer than what was then. One with rows
   * from before there was a journal begins at the second group, so that a journal from the first never passes for all there is.
   */
  async #passOlder(writer: DataSource): Promise<Mark> {
    const mark = await readMarkOf(writer);
    const [newest] = await this.backups.list();
    let { sequence } = mark;
    if (newest !== undefined && newest.sequence > sequence) sequence = newest.sequence + 1;
    if (sequence === 0 && (await hasRows(writer))) sequence = 1;
    if (sequence === mark.sequence) return mark;
    const passed = { ...mark, sequence };
    await transact(writer, (manager) => applyChanges(manager, [{ table: 'store_mark', put: { id: 1, ...passed } }]));
    return passed;
  }

  #watchOn(): void {
    if (!this.#watching) return;
    this.#watch = setTimeout(() => {
      void this.#look().finally(() => {
        this.#watchOn();
      });
    }, this.parts.durability.watchIntervalMs).unref();
  }

  async #look(): Promise<void> {
    try {
      const whole = (await this.guard.look()) === 'same' && (await this.journal.whole());
      if (whole && (await this.#lock.stillHeld())) return;
      if (this.#watching) this.found(new StoreFault('lost'));
    } catch {
      // A disk that cannot be asked shows in the writes.
    }
  }
}

async function hasRows(writer: DataSource): Promise<boolean> {
  const tables = ['memory_item', 'conversation_turn', 'node_state'];
  const some = tables.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(' OR ');
  const [found] = await writer.query<{ some: number }[]>(`SELECT ${some} AS some`);
  return found?.some === 1;
}
