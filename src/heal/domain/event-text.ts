import { type JournalEntry, shownEntry } from './journal-entry.js';

/** What a reader is told first: how long to wait before it connects again, ms. */
export const FIRST_TEXT = 'retry: 3000\n\n';

/** Shows readers and proxies that the connection lives. */
export const HEARTBEAT_TEXT = ':\n\n';

/** An entry of the journal as a server-sent event. */
export function entryText(entry: JournalEntry): string {
  return eventText(entry.kind, shownEntry(entry), entry.number);
}

/** A server-sent event; without an id it is not told again. JSON has no line breaks of its own. */
export function eventText(name: string, data: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What a reader has seen last, as it says: nothing, a number, or something that is none. */
export function lastSeen(header: string | undefined): number | 'nothing' | 'unknown' {
  if (header === undefined || header === '') return 'nothing';
  return /^\d{1,15}$/.test(header) ? Number(header) : 'unknown';
}
