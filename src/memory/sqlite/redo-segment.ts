import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { stretches } from '../domain/redo-record.js';
import { STORE_ID } from '../domain/store-identity.js';

/** What is known of one file of the journal. */
export interface Segment {
  readonly path: string;
  /** First and last good record in it; 0 while there is none. */
  first: number;
  last: number;
  /** Where the next record goes: the end of what was finished. */
  bytes: number;
  /** Bytes behind that which were never finished. */
  torn: number;
  /** Lines that are not what was written. */
  damaged: number;
  /** Whether the last of them comes behind every good record. */
  damagedEnd: boolean;
  /** The first record from which on all up to the last are there. */
  unbrokenFrom: number;
}

const NAME = new RegExp(`^(\\d{16})(?:-(${STORE_ID}))?\\.redo$`);

/** What the name of a segment tells: its first record, and the store it is of, which names of an older version lack. */
export interface SegmentName {
  readonly first: number;
  readonly store: string | undefined;
}

/** Path of the segment of a store that begins with a record. */
export function segmentPath(directory: string, sequence: number, store: string | undefined): string {
  const of = store === undefined ? '' : `-${store}`;
  return join(directory, `${String(sequence).padStart(16, '0')}${of}.redo`);
}

/** What a path says; undefined when it is not that of a segment. */
export function readSegmentName(path: string): SegmentName | undefined {
  const parts = NAME.exec(basename(path));
  return parts === null ? undefined : { first: Number(parts[1]), store: parts[2] };
}

/** Paths of the segments among a directory's entries, oldest first. */
export function segmentPaths(directory: string, entries: readonly string[]): string[] {
  return entries
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** A segment with nothing in it. */
export function emptySegment(path: string): Segment {
  return { path, first: 0, last: 0, bytes: 0, torn: 0, damaged: 0, damagedEnd: false, unbrokenFrom: 0 };
}

/** Notes a record that begins at `start` and ends at `end`. */
export function noteRecord(segment: Segment, sequence: number, end: number): void {
  if (segment.first === 0) segment.first = segment.unbrokenFrom = sequence;
  else if (sequence !== segment.last + 1) segment.unbrokenFrom = sequence;
  segment.last = sequence;
  segment.damagedEnd = false;
  segment.bytes = end;
}

/** Reads a segment and checks each line. A segment is as large as one may grow, plus one record, at most. */
export async function readSegment(path: string): Promise<Segment> {
  const segment = emptySegment(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    // A bad sector costs this segment and not the store.
    if ((error as { code?: unknown }).code !== 'EIO') throw error;
    return undefined;
  });
  if (bytes === undefined) return { ...segment, damaged: 1, damagedEnd: true };
  for (const { kind, sequence, start, end } of stretches(bytes, crc32)) {
    if (kind === 'record') noteRecord(segment, sequence, end);
    else if (kind === 'torn') segment.torn = end - start;
    else {
      segment.damaged++;
      segment.damagedEnd = true;
      segment.bytes = end;
    }
  }
  return segment;
}
