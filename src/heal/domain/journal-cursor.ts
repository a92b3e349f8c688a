import { isEntryId, type JournalPlace } from './journal-entry.js';

/** The opaque place behind an entry. */
export function writeJournalCursor({ number, id }: JournalPlace): string {
  return Buffer.from(`j${number}.${id}`).toString('base64url');
}

/** The place a cursor names; undefined when the text is none. */
export function readJournalCursor(cursor: string): JournalPlace | undefined {
  const text = Buffer.from(cursor.slice(0, 200), 'base64url').toString('latin1');
  const [, digits, id] = /^j(\d{1,15})\.(.*)$/.exec(text) ?? [];
  if (id === undefined || !isEntryId(id)) return undefined;
  const place = { number: Number(digits), id };
  // Base64 reads many spellings; only the one that was handed out is taken.
  return writeJournalCursor(place) === cursor ? place : undefined;
}
