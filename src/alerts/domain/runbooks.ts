import { type AlertSeverity } from './alert.js';

/** What to do when somebody is called. */
export interface Runbook {
  /** Name of the alert. */
  readonly alert: string;
  readonly severity: AlertSeverity;
  /** What it means, and where to look; code stands between backticks. */
  readonly text: string;
}

/** A runbook for every alert of the node, and for the one that only Prometheus can raise. `docs/runbooks.md` is generated from it. */
export const RUNBOOKS: readonly Runbook[] = [
  {
    alert: 'NodeUnhealthy',
    severity: 'critical',
    text:
      '`/health` has been `unhealthy` for 30 s: requests fail, or a part of the node does not work. The sentence in `/health` names the cause; ' +
      '`GET /self/diagnosis` has the evidence and what the node would do about it. An outage of Gemini is waited for; for what the node cannot mend ' +
      'the sentence says what you can do.',
  },
  {
    alert: 'ErrorBudgetBurn',
    severity: 'critical',
    text:
      'So many requests fail (5xx and broken streams) that the objective of the month (`ALERT_OBJECTIVE_PERCENT`, 99.5 %) will be missed: at 14.4 times ' +
      'the pace within the last hour and still within the last five minutes, or at 6 times within six hours and 30 minutes; at least 20 requests and 5 ' +
      'failures. `l104_upstream_attempts_total` by outcome says whether Gemini, the connections or the node fail. What the node counted is forgotten ' +
      'with its process; the rule of Prometheus remembers.',
  },
  {
    alert: 'StoreDamaged',
    severity: 'critical',
    text:
      'The memory store has not been usable for 5 s, or is being repaired. Writes get 503, calls to models go on. The reason says which: a full disk, ' +
      'a lock of another process, a file system that is read-only, a server that does not answer. More is in `docs/memory.md`.',
  },
  {
    alert: 'WatchdogExit',
    severity: 'critical',
    text:
      'The watchdog is ending the process for a new one, or has done so within the last 15 minutes, since milder repairs did not help. ' +
      '`GET /self/heal/runs` has the runs before it, and in the next life its verdict. More is in `docs/healing.md`.',
  },
  {
    alert: 'RestartLoop',
    severity: 'critical',
    text:
      'The node has restarted itself as often as it may (`WATCHDOG_RESTART_LIMIT`) and now stays up, degraded: what new processes did not cure is for a ' +
      'person to find. `GET /self/diagnosis` has the condition and how the last life ended.',
  },
  {
    alert: 'CircuitOpen',
    severity: 'warning',
    text:
      'Attempts at a target failed until its circuit opened. Calls go to other keys and models where there are any, else they are refused at once. It ' +
      'closes by itself with the first attempt that succeeds; `GET /self/circuits` tells when the next one is. Two models that fail together are an ' +
      'outage of Gemini.',
  },
  {
    alert: 'QuotaExhausted',
    severity: 'warning',
    text: 'Keys rest, since their quota is used up; the reason says how many and until when. More keys in `GEMINI_API_KEY`, a higher quota, or fewer calls help.',
  },
  {
    alert: 'ForecastRaised',
    severity: 'warning',
    text:
      'A resource of the node (heap, memory of its container, file descriptors, free disk) has filled up at a pace that leads to its limit within `FORECAST_HORIZON`. ' +
      'Nothing is wrong yet, and the node makes no repair before something is. The sentence says how soon and what you can do; `forecasts` in `GET /self/overview` has ' +
      'the figures. The percentage is the share of the paces that were seen which lead there, and no measured chance.',
  },
  {
    alert: 'TooManyAutoHeals',
    severity: 'warning',
    text: 'More than ten heals within ten minutes that nobody asked for: what is repaired comes back. The causes and verdicts are in `GET /self/heal/runs`.',
  },
  {
    alert: 'NodeDown',
    severity: 'critical',
    text: 'Told by Prometheus only. The node cannot be scraped: it is down, cut off, or wants a `METRICS_TOKEN` that Prometheus does not send.',
  },
];

/** Where the node shows the runbook of an alert; with the node's address in front where that is known. */
export function runbookAddress(alert: string, origin = ''): string {
  return `${origin.replace(/\/+$/, '')}/docs/runbooks#${alert.toLowerCase()}`;
}
