import { RpcError } from './rpc-error.js';

/** One page of a list and, unless it is the last, the token of the next. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | undefined;
}

/** Cuts a page out of a list as Google's list methods do; size 50 unless named, at most 1,000. */
export function pageOf<T>(all: readonly T[], size: string | null, token: string | null): Page<T> {
  const count = Math.min(1_000, Number(size ?? 50) || 50);
  const from = token === null || token === '' ? 0 : Number(/^p(\d{1,9})$/.exec(token)?.[1] ?? NaN);
  if (!Number.isInteger(count) || count < 1)
    throw new RpcError('INVALID_ARGUMENT', 'page_size must be a positive number.');
  if (Number.isNaN(from)) throw new RpcError('INVALID_ARGUMENT', 'Page token is invalid.');
  const end = from + count;
  return { items: all.slice(from, end), nextPageToken: end < all.length ? `p${end}` : undefined };
}
