import { chmod, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  backupName,
  type BackupName,
  type BackupRetention,
  backupsToGo,
  newestFirst,
  readBackupName,
} from '../domain/backup-retention.js';
import { type Mark } from '../domain/repair-plan.js';
import { type FaultKind, StoreFault, storeFault } from '../domain/store-fault.js';
import { isMissing, makeDirectory, removeIfThere, renameDurably, syncDirectory, syncFile } from './durable-files.js';
import { checkContent } from './row-check.js';
import { removeDatabase } from './store-files.js';
import { storeIdOf, verifyFile } from './verified-file.js';

/** A backup that was verified just now. */
export interface GoodBackup {
  readonly name: string;
  readonly path: string;
  readonly mark: Mark;
}

/** Writes a copy of the database, as it is at one moment, into a file that is not there yet. */
export type CopyInto = (path: string) => Promise<void>;

const BAD = '.bad';
const MAKING = 'making';
/** What says that the file itself is no good, a bad sector in it too, rather than that nothing can be done now. */
const BAD_FILE: ReadonlySet<FaultKind> = new Set(['corrupt', 'not_a_database', 'disk']);

/** Whole copies of a database in a directory of their own. One caller at a time; throws StoreFault. */
export class Backups {
  constructor(private readonly directory: string) {}

  /** All that have not turned out bad, the one that knows most first. Says nothing of their content. */
  async list(): Promise<BackupName[]> {
    return await this.#named('');
  }

  /** Those that turned out bad and were renamed, the one that knows most first. */
  async bad(): Promise<string[]> {
    return (await this.#named(BAD)).map(({ name }) => join(this.directory, name + BAD));
  }

  /** Makes one, forces it to the disk and verifies it before it gets its name. `at` is wall-clock ms; the signal ends it undone. */
  async make(copyInto: CopyInto, at: number, signal?: AbortSignal): Promise<GoodBackup> {
    return await guarded(async () => {
      await makeDirectory(this.directory);
      const making = join(this.directory, MAKING);
      await removeDatabase(making);
      try {
        await copyInto(making);
        await chmod(making, 0o600);
        await syncFile(making);
        const mark = await verifyFile(making, signal);
        await checkContent(making, signal);
        const name = backupName(at, mark.sequence, await storeIdOf(making));
        const path = join(this.directory, name);
        await renameDurably(making, path);
        return { name, path, mark };
      } catch (error) {
        await removeIfThere(making).catch(() => undefined);
        throw error;
      }
    });
  }

  /** The newest that is good; those found bad on the way are renamed and never used. */
  async newestGood(signal?: AbortSignal): Promise<GoodBackup | undefined> {
    for (const { name, sequence } of await this.list()) {
      const path = join(this.directory, name);
      try {
        const mark = await verifyFile(path, signal);
        if (mark.sequence === sequence) return { name, path, mark };
      } catch (error) {
        if (!(error instanceof StoreFault && BAD_FILE.has(error.kind))) throw error;
      }
      await guarded(() => renameDurably(path, path + BAD));
    }
    return undefined;
  }

  /** Removes what is past its time, and what a crash left half made; the newest always stays, of the bad ones too. */
  async prune(retention: BackupRetention, now: number): Promise<void> {
    await guarded(async () => {
      await removeIfThere(join(this.directory, MAKING));
      for (const suffix of ['', BAD]) {
        const go = backupsToGo(await this.#named(suffix), retention, now);
        for (const { name } of go) await unlink(join(this.directory, name + suffix));
      }
      await syncDirectory(this.directory);
    });
  }

  async #named(suffix: string): Promise<BackupName[]> {
    const entries = await readdir(this.directory).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw storeFault(error) ?? error;
    });
    return newestFirst(
      entries
        .filter((entry) => entry.endsWith(suffix))
        .map((entry) => readBackupName(entry.slice(0, entry.length - suffix.length)))
        .filter((backup) => backup !== undefined),
    );
  }
}

async function guarded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw storeFault(error) ?? error;
  }
}
