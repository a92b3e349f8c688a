import { type FileHandle, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeRecord, encodeRecord, type RedoRecord, stretches } from '../domain/redo-record.js';
import { type RedoReach } from '../domain/repair-plan.js';
import { StoreFault, storeFault } from '../domain/store-fault.js';
import { cutTo, isMissing, makeDirectory, removeIfThere, syncDirectory, writeAll } from './durable-files.js';
import { fate, type FileFate, identify, type FileIdentity } from './file-identity.js';
import {
  emptySegment,
  noteRecord,
  readSegment,
  readSegmentName,
  type Segment,
  segmentPath,
  segmentPaths,
} from './redo-segment.js';

/** Where the journal is and how large one of its files may grow before the next is begun, bytes. */
export interface RedoJournalOptions {
  readonly directory: string;
  readonly segmentBytes: number;
}

interface Active {
  readonly segment: Segment;
  readonly handle: FileHandle;
  readonly identity: FileIdentity;
}

/**
 * A second durable copy of what was acknowledged, kept apart from the database file: one record for each group
 * of writes, in segments named by their first. One caller at a time; errors of the disk are thrown as StoreFault.
 */
export class RedoJournal {
  #segments: Segment[] = [];
  #active: Active | undefined;
  /** The state before the last append, for taking it back. */
  #before: Segment | undefined;
  #last = 0;
  #damagedEnd = false;
  #open = false;
  /** The store whose id the segments bear; undefined until it is known. */
  #store: string | undefined;

  constructor(private readonly options: RedoJournalOptions) {}

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of the segments that have records above a sequence. */
  bytesAfter(sequence: number): number {
    return this.#segments.reduce((sum, { bytes, last }) => sum + (last > sequence ? bytes : 0), 0);
  }

  /** What it holds now. */
  get reach(): RedoReach {
    let unbrokenFrom = 0;
    let last = 0;
    for (const segment of this.#segments) {
      if (segment.first === 0) continue;
      const joins = unbrokenFrom > 0 && segment.first === last + 1 && segment.unbrokenFrom === segment.first;
      if (!joins) unbrokenFrom = segment.unbrokenFrom;
      last = segment.last;
    }
    return { last, unbrokenFrom, damagedEnd: this.#damagedEnd };
  }

  /** Reads what is there, makes the directory if it is not, and drops an end that was never finished. */
  async open(): Promise<RedoReach> {
    await this.close();
    return await this.#guarded(async () => {
      const { directory } = this.options;
      await makeDirectory(directory);
      this.#segments = [];
      this.#damagedEnd = false;
      for (const path of segmentPaths(directory, await readdir(directory))) {
        const segment = await readSegment(path);
        this.#damagedEnd = segment.damagedEnd || (segment.first === 0 && this.#damagedEnd);
        if (segment.torn > 0) await cutTo(path, segment.bytes);
        if (segment.first > 0) this.#segments.push(segment);
        // Nothing in it can be used, and its name is needed for what comes.
        else if (segment.damaged > 0) await rename(path, `${path}.damaged`);
        else await removeIfThere(path);
      }
      await syncDirectory(directory);
      this.#last = this.reach.last;
      const newest = this.#segments.at(-1);
      if (newest?.damaged === 0 && this.#takesMore(newest)) await this.#activate(newest, 'r+');
      this.#open = true;
      return this.reach;
    });
  }

  /** Notes which store it is of: what is added from now on goes into segments that bear its id. */
  async belongTo(store: string): Promise<void> {
    this.#store = store;
    if (this.#active !== undefined && !this.#takesMore(this.#active.segment)) await this.rotate();
  }

  /**
   * Adds a record; it is on the disk when this resolves, and nothing of it is when it throws. Sequences only grow.
   * After a failure that cannot be taken back it refuses until it is opened again.
   */
  async append(record: RedoRecord): Promise<void> {
    if (!this.#open) throw new StoreFault('broken');
    if (record.sequence <= this.#last) throw new Error(`record ${record.sequence} follows ${this.#last}`);
    const line = encodeRecord(record, crc32);
    await this.#guarded(async () => {
      const { segment, handle } = await this.#place(record.sequence);
      this.#before = { ...segment };
      try {
        await writeAll(handle, line, segment.bytes);
        await handle.datasync();
      } catch (error) {
        await this.#takeBack(segment, handle);
        // A file whose sync has failed once may hold pages that never reach the disk.
        await this.#retire();
        throw error;
      }
      noteRecord(segment, record.sequence, segment.bytes + line.length);
      this.#last = record.sequence;
      this.#damagedEnd = false;
    });
  }

  /** Takes the last append back, durably; once, and only if nothing was added since. */
  async withdraw(): Promise<void> {
    const active = this.#active;
    const before = this.#before;
    if (active === undefined || before === undefined) throw new StoreFault('broken');
    await this.#guarded(async () => {
      Object.assign(active.segment, before);
      await this.#takeBack(active.segment, active.handle);
      this.#before = undefined;
      this.#last = this.reach.last;
    });
  }

  /** The records above a sequence, oldest first; damaged lines are passed over. One segment is in memory at a time. */
  async *recordsAfter(sequence: number): AsyncGenerator<RedoRecord> {
    for (const { path, last } of [...this.#segments]) {
      if (last <= sequence) continue;
      const bytes = await this.#guarded(() => readFile(path));
      for (const stretch of stretches(bytes, crc32)) {
        if (stretch.kind === 'record' && stretch.sequence > sequence) yield decodeRecord(bytes, stretch);
      }
    }
  }

  /** Ends the segment that is being written; the next record begins another. */
  async rotate(): Promise<void> {
    await this.#guarded(() => this.#retire());
  }

  /**
   * Removes, oldest first, segments with no record above a sequence while there are more than `keepBytes`; never the
   * one that is written to, so that records can be added meanwhile.
   */
  async forgetUpTo(sequence: number, keepBytes = 0): Promise<void> {
    await this.#guarded(async () => {
      for (;;) {
        const oldest = this.#segments[0];
        if (oldest === undefined || oldest === this.#active?.segment) break;
        if (oldest.last > sequence || this.bytes <= keepBytes) break;
        this.#segments.shift();
        await removeIfThere(oldest.path);
      }
      await syncDirectory(this.options.directory);
    });
  }

  /** What has become of the file that is written to, or of the directory while there is none. */
  async fate(): Promise<FileFate> {
    if (this.#active === undefined) return (await identify(this.options.directory)) === undefined ? 'missing' : 'same';
    const { identity, segment } = this.#active;
    return fate({ ...identity, size: segment.bytes }, await identify(segment.path));
  }

  /** Whether every segment is where it was left. */
  async whole(): Promise<boolean> {
    const before = [...this.#segments];
    const there = await readdir(this.options.directory).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const paths = new Set(segmentPaths(this.options.directory, there));
    // Those that were begun or given up meanwhile say nothing.
    return before.every((segment) => paths.has(segment.path) || !this.#segments.includes(segment));
  }

  /** Lets go of the files. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#retire().catch(() => undefined);
  }

  async #place(sequence: number): Promise<Active> {
    if (this.#active !== undefined && this.#takesMore(this.#active.segment)) return this.#active;
    await this.#retire();
    const segment = emptySegment(segmentPath(this.options.directory, sequence, this.#store));
    // An empty one of the same name may be left of an append that failed.
    const active = await this.#activate(segment, 'w+');
    await syncDirectory(dirname(segment.path));
    this.#segments.push(segment);
    return active;
  }

  #takesMore({ path, bytes }: Segment): boolean {
    return bytes < this.options.segmentBytes && readSegmentName(path)?.store === this.#store;
  }

  async #activate(segment: Segment, flags: string): Promise<Active> {
    const handle = await open(segment.path, flags, 0o600);
    const { dev, ino } = await handle.stat();
    this.#active = { segment, handle, identity: { device: dev, inode: ino, size: 0 } };
    return this.#active;
  }

  async #takeBack(segment: Segment, handle: FileHandle): Promise<void> {
    try {
      await handle.truncate(segment.bytes);
      await handle.datasync();
    } catch (error) {
      // What the file ends with is not known any more: opening reads it anew.
      await this.close();
      throw error;
    }
  }

  async #retire(): Promise<void> {
    const active = this.#active;
    this.#active = this.#before = undefined;
    if (active === undefined) return;
    if (active.segment.first === 0) this.#segments = this.#segments.filter((segment) => segment !== active.segment);
    await active.handle.close();
  }

  async #guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw storeFault(error) ?? error;
    }
  }
}
