import { open } from 'node:fs/promises';
import { TransferProblem } from './transfer-problem.js';

/** Longest line, bytes: the largest value that settings allow, escaped, is shorter. */
const LONGEST = 128 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The content of a file. Throws TransferProblem when it cannot be read. */
export async function openInput(path: string): Promise<AsyncIterable<Buffer>> {
  const file = await open(path).catch((error: unknown) => {
    throw new TransferProblem(`${path} cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  });
  return file.createReadStream() as AsyncIterable<Buffer>;
}

/** One line of a file. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Bytes of the file up to here, the end of the line included. */
  readonly end: number;
  /** False of the rest after the last end of a line. */
  readonly whole: boolean;
}

/** The lines of a file, one after another, holding no more than one of them and what came with it. */
export async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let pending = 0;
  let number = 0;
  let end = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const here = chunk.subarray(from, at);
      const bytes = parts.length === 0 ? here : Buffer.concat([...parts, here]);
      from = at + 1;
      end += bytes.length + 1;
      parts = [];
      pending = 0;
      yield { text: bytes.toString(), number: ++number, end, whole: true };
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
    pending += chunk.length - from;
    if (pending > LONGEST) throw new TransferProblem(`line ${number + 1} is longer than any line of an export`);
  }
  const rest = Buffer.concat(parts);
  if (rest.length > 0) yield { text: rest.toString(), number: ++number, end: end + rest.length, whole: false };
}
