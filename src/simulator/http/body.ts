import { type IncomingMessage } from 'node:http';

/** A request body, or why there is none: `too-large` (told once all has come, as a client hears nothing before), or `gone`. */
export type BodyResult = Buffer | 'too-large' | 'gone';

const EMPTY = Buffer.alloc(0);

/** Reads a whole request body of at most so many bytes; the rest of a larger one is thrown away as it comes. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        chunks = [];
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      const [first = EMPTY] = chunks;
      if (bytes > maxBytes) resolve('too-large');
      else resolve(chunks.length <= 1 ? first : Buffer.concat(chunks, bytes));
    });
    request.on('error', () => {
      resolve('gone');
    });
    request.on('close', () => {
      resolve('gone');
    });
  });
}
