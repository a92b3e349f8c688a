import { createHash } from 'node:crypto';
import { type RequestRecord, type RunningSimulator } from '../../src/simulator/index.js';

/** What arrived at the simulator with a key, oldest first. Each test uses a key of its own. */
export function requestsWith(simulator: RunningSimulator, key: string): readonly RequestRecord[] {
  const hash = keyHash(key);
  return simulator.journal.records.filter((record) => record.keyHash === hash);
}

/** The first request with a key for which the predicate holds, now or within the time. */
export function requestWith(
  simulator: RunningSimulator,
  key: string,
  within: { readonly ms: number; readonly that: (record: RequestRecord) => boolean },
): Promise<RequestRecord> {
  const hash = keyHash(key);
  return simulator.journal.waitFor((record) => record.keyHash === hash && within.that(record), within.ms);
}

/** Whether a request came through the node: the node marks each with its trace, the packages do not. */
export function cameThroughNode(record: RequestRecord): boolean {
  return record.headers.some(([name]) => name === 'traceparent');
}

/** Of one hop, or each hop's own. */
const OF_A_HOP = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'traceparent',
]);

/** The headers a package sent, as far as they are meant for Gemini, sorted by name. */
export function headersForGemini(record: RequestRecord): readonly (readonly [string, string])[] {
  const kept = record.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return kept.filter(([name]) => !OF_A_HOP.has(name)).sort(([a], [b]) => a.localeCompare(b));
}

function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
