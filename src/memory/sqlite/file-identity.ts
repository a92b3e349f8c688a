import { type FileHandle, stat } from 'node:fs/promises';
import { isMissing } from './durable-files.js';

/** Which file a path named when it was opened. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** Bytes it had when it was last looked at and all was well. */
  readonly size: number;
}

/** What has become of a file that is held open. */
export type FileFate = 'same' | 'missing' | 'replaced' | 'shrunk';

/** The file a path names now, or an open handle holds; undefined when there is none at the path. */
export async function identify(file: string | FileHandle): Promise<FileIdentity | undefined> {
  try {
    const { dev, ino, size } = await (typeof file === 'string' ? stat(file) : file.stat());
    return { device: dev, inode: ino, size };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What a look at the path says of the file that is open. One call to the system's cache: cheap enough beside each commit. */
export function fate(open: FileIdentity, now: FileIdentity | undefined): FileFate {
  if (now === undefined) return 'missing';
  if (now.device !== open.device || now.inode !== open.inode) return 'replaced';
  return now.size < open.size ? 'shrunk' : 'same';
}
