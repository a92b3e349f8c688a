/** The opaque place in a list after an item: the number of the write that made it. */
export function writeCursor(revision: number): string {
  return Buffer.from(`r${revision}`).toString('base64url');
}

/** The write number a cursor names; undefined when the text is no cursor of ours. */
export function readCursor(cursor: string): number | undefined {
  const digits = /^r(\d{1,15})$/.exec(Buffer.from(cursor.slice(0, 40), 'base64url').toString('latin1'))?.[1];
  const revision = Number(digits);
  // Base64 reads many spellings; only the one that was handed out is taken.
  return digits !== undefined && writeCursor(revision) === cursor ? revision : undefined;
}
