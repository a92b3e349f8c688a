import { checksumOf } from '../checksum.js';
import { type Row } from '../domain/change.js';
import { TRANSFERRED } from './transferred-tables.js';

const FORMAT = 'l104-export';
const FORMAT_VERSION = 1;

/** The first line of an export. */
export interface ExportHeader {
  readonly format: typeof FORMAT;
  readonly format_version: number;
  /** Version of the node that made it. */
  readonly version: string;
  /** Random text: what an import goes on with must be of the same export. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly exported_at: string;
  /** The last number that was given to a row when the export began. */
  readonly revision: number;
  /** Rows by table when the export began. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a line after the first tells. */
export type ExportLine =
  { readonly table: string; readonly row: Row } | { readonly rows: number } | { readonly problem: string };

/** The first line of an export that begins now. */
export function headerLine(facts: Omit<ExportHeader, 'format' | 'format_version'>): string {
  return `${JSON.stringify({ format: FORMAT, format_version: FORMAT_VERSION, ...facts })}\n`;
}

/** The line of a row, with the CRC-32 of its JSON text. */
export function rowLine(table: string, row: Row): string {
  const text = JSON.stringify(row);
  return `{"table":${JSON.stringify(table)},"row":${text},"crc":${checksumOf(text)}}\n`;
}

/** The last line: an export without it is not whole. */
export function endLine(rows: number): string {
  return `${JSON.stringify({ end: true, rows })}\n`;
}

/** Reads the first line; or says why it is none. */
export function readHeader(text: string): ExportHeader | { readonly problem: string } {
  const value = parsed(text) as Partial<ExportHeader> | undefined;
  if (value?.format !== FORMAT) return { problem: 'the file is not an export of this node' };
  if (value.format_version !== FORMAT_VERSION)
    return {
      problem: `the file has version ${String(value.format_version)} of the format, known is ${FORMAT_VERSION}`,
    };
  const { id, revision, counts } = value;
  if (typeof id !== 'string' || !Number.isSafeInteger(revision) || typeof counts !== 'object')
    return { problem: 'the first line of the file is damaged' };
  return value as ExportHeader;
}

/** Reads another line and verifies it. The problem quotes nothing of the row. */
export function readLine(text: string): ExportLine {
  const value = parsed(text) as
    { end?: unknown; rows?: unknown; table?: unknown; row?: unknown; crc?: unknown } | undefined;
  if (value === undefined) return { problem: 'is not JSON' };
  if (value.end === true && typeof value.rows === 'number') return { rows: value.rows };
  const { table, row } = value;
  const known = TRANSFERRED.find(({ name }) => name === table);
  if (known === undefined) return { problem: 'names no table of the store' };
  if (typeof row !== 'object' || row === null) return { problem: 'holds no row' };
  if (value.crc !== checksumOf(JSON.stringify(row)))
    return { problem: 'is not what was written: its checksum differs' };
  const cells = row as Record<string, unknown>;
  const names = Object.keys(cells);
  if (names.length !== known.columns.length) return { problem: 'does not have the columns of its table' };
  for (const { name, text: isText, nullable } of known.columns) {
    const cell = cells[name];
    const good = isText ? typeof cell === 'string' : Number.isSafeInteger(cell);
    if (!good && !(nullable && cell === null)) return { problem: `has no good value of ${name}` };
  }
  const damaged = contentProblem(cells);
  return damaged === undefined ? { table: known.name, row: cells as Row } : { problem: damaged };
}

/** What is wrong with the content of a row that has a checksum of its own; undefined when nothing is. */
function contentProblem({ checksum, bytes, value, content }: Record<string, unknown>): string | undefined {
  if (checksum === undefined) return undefined;
  const text = (value ?? content) as string;
  if (checksum !== null && checksumOf(text) !== checksum) return 'was damaged before it was exported';
  return Buffer.byteLength(text) === bytes ? undefined : 'is not as long as it says';
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
