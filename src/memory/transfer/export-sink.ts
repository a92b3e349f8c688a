import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { EXIT } from '../../platform/exit-codes.js';
import { type Row } from '../domain/change.js';
import { linesOf, openInput } from './lines.js';
import { type ExportHeader, readHeader, readLine } from './transfer-format.js';
import { TransferProblem } from './transfer-problem.js';

/** Lines are handed on in pieces of about this size, characters. */
const PIECE = 256 * 1024;

/** Where an export goes. */
export interface ExportSink {
  readonly write: (text: string) => Promise<void>;
  /** Resolves when everything is where it should be. */
  readonly close: () => Promise<void>;
}

/** An export that was broken off. */
export interface BrokenExport {
  readonly header: ExportHeader;
  readonly rows: number;
  /** Its last whole row; undefined when there is none. */
  readonly last: { readonly table: string; readonly row: Row } | undefined;
  /** Bytes of its whole lines. */
  readonly bytes: number;
}

/** A new file, or one that is gone on with after so many bytes; what is beyond them is cut off. */
export async function fileSink(path: string, keep?: number): Promise<ExportSink> {
  const file = await open(path, keep === undefined ? 'wx' : 'r+').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new TransferProblem(`${path} cannot be written (${String(code)})`);
    throw new TransferProblem(
      `${path} is there already: go on with it by --resume, or choose another name`,
      EXIT.usage,
    );
  });
  let at = keep ?? 0;
  await file.truncate(at);
  const put = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at);
      done += bytesWritten;
      at += bytesWritten;
    }
  };
  const close = async (): Promise<void> => {
    await file.sync();
    await file.close();
  };
  return inPieces({ write: put, close });
}

/** Standard output, no faster than whoever reads it. */
export function standardOutput(): ExportSink {
  const { stdout } = process;
  // Each write tells of its own failure.
  stdout.on('error', () => undefined);
  return inPieces({
    write: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(new TransferProblem('nobody reads the output any longer'));
        });
      }),
    close: async () => {
      if (stdout.writableLength > 0) await once(stdout, 'drain');
    },
  });
}

/** How far the export in a file has come. Throws TransferProblem when it is none, or whole. */
export async function readBrokenExport(path: string): Promise<BrokenExport> {
  let header: ExportHeader | undefined;
  let last: BrokenExport['last'];
  let [rows, bytes] = [0, 0];
  for await (const { text, number, end, whole } of linesOf(await openInput(path))) {
    if (!whole) break;
    if (number === 1) {
      const read = readHeader(text);
      if ('problem' in read) throw new TransferProblem(read.problem);
      header = read;
    } else {
      const line = readLine(text);
      if ('problem' in line) throw new TransferProblem(`line ${number} ${line.problem}`);
      if ('rows' in line) throw new TransferProblem('the export is whole already', EXIT.ok);
      last = line;
      rows++;
    }
    bytes = end;
  }
  if (header === undefined) throw new TransferProblem('the file has no whole line: remove it and export anew');
  return { header, rows, last, bytes };
}

function inPieces({ write, close }: ExportSink): ExportSink {
  let pending = '';
  const flush = async (): Promise<void> => {
    const text = pending;
    pending = '';
    if (text !== '') await write(text);
  };
  return {
    write: async (text) => {
      pending += text;
      if (pending.length >= PIECE) await flush();
    },
    close: async () => {
      await flush();
      await close();
    },
  };
}
