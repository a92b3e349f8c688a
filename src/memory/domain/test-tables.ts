import { type Change, type Row } from './change.js';

/** A table of one space after changes, by key. */
export function applied(rows: ReadonlyMap<string, Row>, changes: readonly Change[]): Map<string, Row> {
  const after = new Map(rows);
  for (const change of changes) {
    if ('put' in change) after.set(String(change.put['key']), change.put);
    else after.delete(String(change.remove['key']));
  }
  return after;
}
