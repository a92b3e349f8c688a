import { conditionOf } from '../test-condition.js';
import { type Condition, type NodeState } from '../node-state.js';
import { type Outlook, type RequestOutlook } from './outlook.js';

/** The moment at which the sentences of the specs are said; what is wrong began six minutes before. */
export const NOW = Date.UTC(2026, 10, 28, 21, 10);
const BEGUN = NOW - 360_000;
const NO_REQUESTS: RequestOutlook = {
  answered: 0,
  failed: 0,
  helped: 0,
  ever: false,
  failing: false,
  lastFailure: undefined,
  lastMinute: { answered: 0, failed: 0 },
};
/** A node of which there is nothing to say. */
export const CALM: Outlook = {
  state: 'healthy',
  now: NOW,
  conditions: [],
  requests: NO_REQUESTS,
  heal: undefined,
  forecasts: [],
  recovery: undefined,
  start: undefined,
  drain: undefined,
};
/** Requests, as far as they are not none. */
export const requests = (changes: Partial<RequestOutlook>): RequestOutlook => ({
  ...NO_REQUESTS,
  ever: true,
  ...changes,
});
/** Requests of the last minute that fail. */
export const failing = (answered: number, failed: number, lastFailure = 'UNAVAILABLE'): RequestOutlook =>
  requests({ answered, failed, failing: true, lastFailure, lastMinute: { answered, failed } });
/** A node in a state, with what is wrong. */
export const wrong = (state: NodeState, conditions: Condition[], changes: Partial<Outlook> = {}): Outlook => ({
  ...CALM,
  state,
  conditions: conditions.map((one) => ({ ...one, since: BEGUN })),
  ...changes,
});

export const requestErrors = conditionOf({
  name: 'request_errors',
  severity: 'unhealthy',
  cause: 'upstream_outage',
  reason: 'Requests fail.',
});
export const circuit = conditionOf({
  name: 'circuits',
  cause: 'upstream_outage',
  healable: false,
  reason: 'gemini-x is failing (status 503).',
  doing: 'Answers come from gemini-y.',
  nextTryAt: NOW + 41_000,
});
export const upstream = conditionOf({
  name: 'upstream',
  cause: 'upstream_outage',
  reason: 'Gemini fails: the last 5 attempts ended with status 503.',
});
export const someKeys = conditionOf({
  name: 'quota',
  cause: 'quota_exhausted',
  kind: 'quota',
  reason: 'Quota used up on 1 of 2 keys.',
  doing: 'Others serve.',
  advice: 'Add a key of another project to GEMINI_API_KEY.',
});
export const allKeys: Condition = {
  ...someKeys,
  severity: 'unhealthy',
  reason: 'Quota used up on 2 of 2 keys.',
  doing: 'All rest for gemini-x: callers get 429 until 21:15 UTC.',
};
export const badKey = conditionOf({
  name: 'keys',
  cause: 'configuration',
  kind: 'needs_you',
  reason: 'Gemini refuses 1 of 2 keys: a1f3c0de (API_KEY_INVALID).',
  doing: 'Others serve.',
  advice: 'Replace the key in GEMINI_API_KEY whose SHA-256 hash begins with a1f3c0de.',
});
export const crowd = conditionOf({
  name: 'crowding',
  healable: false,
  kind: 'overloaded',
  reason: 'Busy: 12 waiting, low priority refused.',
  doing: 'Limit 8, raised as latency falls.',
});
export const held = conditionOf({
  name: 'isolated_targets',
  cause: 'configuration',
  healable: false,
  kind: 'isolated',
  reason: 'gemini-x taken out by an operator at 21:04 UTC: “bad answers”.',
});
export const descriptors = {
  name: 'file_descriptors',
  subject: 'running out of file descriptors',
  probability: 0.91,
  dueMs: 261_000,
  advice: 'Raise the limit on open files (ulimit -n, LimitNOFILE), or lower MAX_CONCURRENT_CALLS.',
};
export const recovery = { at: NOW - 60_000, cause: 'upstream_outage', lastedMs: 360_000, failed: 12 } as const;
