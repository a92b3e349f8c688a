import { type RateVerdict } from './rate-limiter.js';

/** A limit as answers name it. */
export interface RatePolicy {
  /** Of letters, digits and dashes: it stands between quotation marks. */
  readonly name: string;
  readonly requests: number;
  readonly windowMs: number;
}

/**
 * Tells clients of a limit in headers, as flat lists of names and values: `RateLimit-Policy` and `RateLimit` of
 * draft-ietf-httpapi-ratelimit-headers-11, and the names that OpenAI's clients know.
 */
export class RateHeaders {
  readonly #policy: string;
  readonly #item: string;
  readonly #requests: string;

  constructor({ name, requests, windowMs }: RatePolicy) {
    // Whole seconds only: a longer window promises less.
    this.#policy = `"${name}";q=${requests};w=${Math.ceil(windowMs / 1000)}`;
    this.#item = `"${name}"`;
    this.#requests = String(requests);
  }

  /** The headers for every surface. */
  plain({ remaining, resetMs }: RateVerdict): string[] {
    // `t` is the time in which no more than `r` can be used: until one more is there.
    const limit = `${this.#item};r=${remaining};t=${Math.ceil(resetMs / 1000)}`;
    return ['ratelimit-policy', this.#policy, 'ratelimit', limit];
  }

  /** The headers for clients of OpenAI; their reset is the time until all requests are there again. */
  openai(verdict: RateVerdict): string[] {
    return [
      ...this.plain(verdict),
      'x-ratelimit-limit-requests',
      this.#requests,
      'x-ratelimit-remaining-requests',
      String(verdict.remaining),
      'x-ratelimit-reset-requests',
      writtenLikeGo(verdict.restoredMs),
    ];
  }
}

/** A duration as OpenAI writes it, which is Go's way: `120ms`, `1s`, `6m0s`, `1h0m0s`; above a second in whole ones. */
export function writtenLikeGo(ms: number): string {
  if (ms <= 0) return '0s';
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) - hours * 60;
  const most = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${most}${seconds % 60}s`;
}
