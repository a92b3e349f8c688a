import { type QuotaKind } from './quota-verdict.js';
import { type Rest } from './rest-book.js';

/** The rests among what was stored, which may be anything; full servers are no rest. */
export function readRests(stored: unknown): Rest[] {
  return Array.isArray(stored) ? stored.filter(isRest) : [];
}

/** The pairs of resource and key among what was stored, which may be anything. */
export function readResources(stored: unknown): (readonly [string, string])[] {
  return Array.isArray(stored) ? stored.filter(isPair) : [];
}

const KINDS: ReadonlySet<unknown> = new Set<QuotaKind>(['per_minute', 'per_day', 'unknown']);

function isRest(value: unknown): value is Rest {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, model, kind, until, lastsMs } = value as Readonly<Record<string, unknown>>;
  const named = typeof owner === 'string' && typeof model === 'string' && KINDS.has(kind);
  return named && Number.isFinite(until) && Number.isFinite(lastsMs);
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
