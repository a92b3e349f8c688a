import { problemWords } from '../domain/problem.js';

/** What came of a call: its answer, or why there is none, in words for the reader. */
export type Outcome =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly words: string; readonly body?: unknown };

/** Longest wait for an answer, ms. */
const ANSWER_MS = 10_000;
/** A heal answers when all its steps have ended, each of which has a time limit of its own, ms. */
const HEAL_MS = 180_000;

/** What a heal by hand would do. */
export function askPlan(): Promise<Outcome> {
  return call('GET', '/self/heal/plan');
}

/** Heals by hand; `options` say which steps. */
export function heal(options: Readonly<Record<string, boolean>>): Promise<Outcome> {
  return call('POST', '/self/heal', options, HEAL_MS);
}

/** Takes a target out; the reason is for others. */
export function isolate(name: string, reason: string): Promise<Outcome> {
  return call('POST', `/self/circuits/${encodeURIComponent(name)}/isolate`, { reason });
}

/** Gives a target back. */
export function release(name: string): Promise<Outcome> {
  return call('POST', `/self/circuits/${encodeURIComponent(name)}/release`);
}

/** Has nobody told of an alert for a time, such as `1h`. */
export function silence(alert: string, duration: string, reason: string): Promise<Outcome> {
  return call('POST', '/self/alerts/silences', { alert, duration, reason });
}

/** Ends a silence. */
export function endSilence(id: string): Promise<Outcome> {
  return call('DELETE', `/self/alerts/silences/${encodeURIComponent(id)}`);
}

/** Calls the node; never rejects. */
async function call(method: string, path: string, body?: unknown, waitMs = ANSWER_MS): Promise<Outcome> {
  try {
    const response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(waitMs),
    });
    const told: unknown = await response.json().catch(() => undefined);
    return response.ok
      ? { ok: true, body: told }
      : { ok: false, words: problemWords(response.status, told), body: told };
  } catch {
    return { ok: false, words: 'The node did not answer, so it is not known whether it has done this.' };
  }
}
