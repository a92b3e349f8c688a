import { DeliveryFault } from './alert-channel.js';

/** Statuses that say that this very notice will be refused again. Others of 4xx speak of the address or its key, which can be mended. */
const FINAL: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** Posts a JSON text once; follows no redirect, reads no answer. Rejects with a DeliveryFault that names no address. */
export async function post(
  url: string,
  body: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal,
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
    const why = name === 'TimeoutError' ? 'it did not answer in time' : codeOf(cause?.code);
    throw new DeliveryFault(why);
  }
  if (status < 200 || status > 299) throw new DeliveryFault(`it answered ${status}`, FINAL.has(status));
}

function codeOf(code: unknown): string {
  return typeof code === 'string' && /^[A-Z_]{2,40}$/.test(code) ? `no connection (${code})` : 'no connection';
}
