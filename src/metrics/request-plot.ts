import { type Plot } from './history/catalogue.js';

/** A request failed in the sense of the counters: an error of anybody, but not a client that left. */
function failed({ status }: Readonly<Record<string, string | number>>): boolean {
  return status === 'broken' || (Number(status) >= 400 && Number(status) !== 499);
}

/** Whoever left has judged nothing. */
function judged({ status }: Readonly<Record<string, string | number>>): boolean {
  return Number(status) !== 499;
}

/** The caller was let down: by a fault, or for want of quota. Other refusals are of mistakes of the caller. */
function letDown({ status }: Readonly<Record<string, string | number>>): boolean {
  return status === 'broken' || Number(status) >= 500 || Number(status) === 429;
}

/** What the history shows of the requests. */
export const REQUEST_PLOT: Plot = {
  tracks: [
    { name: 'requests', kind: 'count', from: 'l104_requests_total' },
    { name: 'errors', kind: 'count', from: 'l104_requests_total', where: failed },
    { name: 'judged', kind: 'count', from: 'l104_requests_total', where: judged },
    { name: 'let_down', kind: 'count', from: 'l104_requests_total', where: letDown },
    {
      name: 'latency',
      kind: 'buckets',
      from: 'l104_request_duration_seconds',
      // Reads and writes of the memory take milliseconds, and would hide how long models take.
      where: ({ route }) => route !== 'memory',
    },
  ],
  series: [
    {
      name: 'requests',
      unit: 'per minute',
      help: 'Requests to the API that ended.',
      shown: { as: 'rate', of: 'requests' },
    },
    {
      name: 'errors',
      unit: 'per minute',
      help: 'Requests that ended in an error of any kind; a client that leaves is none.',
      shown: { as: 'rate', of: 'errors' },
    },
    {
      name: 'answered_ratio',
      unit: '',
      help: 'Share of the requests that were not let down (5xx, 429, broken off); unknown without requests.',
      shown: { as: 'share_without', of: 'judged', part: 'let_down' },
    },
    {
      name: 'latency_p50',
      unit: 's',
      help: 'Time to the end of an answer, of calls to models: half of them took no longer.',
      shown: { as: 'quantile', of: 'latency', q: 0.5 },
    },
    {
      name: 'latency_p95',
      unit: 's',
      help: 'Time to the end of an answer, of calls to models: one in twenty took longer.',
      shown: { as: 'quantile', of: 'latency', q: 0.95 },
    },
  ],
};
