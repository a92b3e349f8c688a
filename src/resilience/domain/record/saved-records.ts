import { HOURS, type SavedHour } from './hour-book.js';
import { type SavedRecord } from './target-record.js';

/** The records as they are stored, and the hours of the epoch in which the node ran. */
export interface SavedRecords {
  readonly run: readonly number[];
  readonly records: Readonly<Record<string, SavedRecord>>;
}

/** Reads what was stored; of what makes no sense nothing is taken. */
export function readRecords(stored: unknown): SavedRecords {
  const { run, records } = record(stored);
  const names = Object.entries(record(records)).flatMap(([name, value]) => {
    const { last, hours } = record(value);
    const told = listOf(hours).filter(isHour);
    return isCount(last) || last === null ? [[name, { last, hours: told }] as const] : [];
  });
  return { run: listOf(run).filter(isCount), records: Object.fromEntries(names) };
}

function isHour(value: unknown): value is SavedHour {
  return Array.isArray(value) && value.length === 5 && value.every(isCount);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Of a list no more than a day has hours. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value.slice(-HOURS) as unknown[]) : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
