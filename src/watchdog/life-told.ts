import { type EndedLife } from '../platform/lives.js';

/** How a life of the node ended, under the names of the API. */
export function lifeTold({ id, pid, end }: EndedLife): Record<string, unknown> {
  const { kind, cause, reason, code, endedAt } = end;
  return { life: id, pid, end: kind, cause, reason, code: code ?? null, ended_at: new Date(endedAt).toISOString() };
}
