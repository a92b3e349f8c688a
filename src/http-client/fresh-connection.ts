import { request } from 'undici';
import { dispatcherOf } from './dispatcher.js';

/** Most of an answer's body that is read, bytes. */
const BODY_LIMIT = 64 * 1024;

/** What came back over a fresh connection. */
export interface FreshAnswer {
  readonly status: number;
  /** The first 64 KiB of the body. */
  readonly body: string;
}

/**
 * Asks a question (GET) over a connection made for it alone and closed behind it, on the way that calls take too. So
 * the answer speaks of the other side, and not of the connections in the pool. Rejects with the error of the connection,
 * or with the signal's reason when that fires first.
 */
export async function askAfresh(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FreshAnswer> {
  signal.throwIfAborted();
  const dispatcher = dispatcherOf({ pipelining: 1 });
  let expire = (): void => undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    expire = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', expire);
  });
  const answer = async (): Promise<FreshAnswer> => {
    const { statusCode, body } = await request(url, { dispatcher, headers: { ...headers }, method: 'GET' });
    return { status: statusCode, body: await beginningOf(body) };
  };
  try {
    // An abort signal of the client's own would not be heard of before it is connected.
    return await Promise.race([answer(), expired]);
  } finally {
    signal.removeEventListener('abort', expire);
    void dispatcher.destroy();
  }
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString();
}
