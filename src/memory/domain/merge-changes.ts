import { type Change } from './change.js';
import { type KeyColumns } from './write-view.js';

/** The last change of each row, in no order: what changes come to that were made one after another. */
export function mergeChanges(changes: Iterable<Change>, keyColumns: KeyColumns): Change[] {
  const last = new Map<string, Change>();
  for (const change of changes) {
    const row = 'put' in change ? change.put : change.remove;
    const name = JSON.stringify([change.table, ...keyColumns(change.table).map((column) => row[column])]);
    last.set(name, change);
  }
  return [...last.values()];
}
