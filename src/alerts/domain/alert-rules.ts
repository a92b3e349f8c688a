import { type AlertSeverity } from './alert.js';
import { type Burn } from './burn-rate.js';

/** What rules are read against: nothing but what the node knows already. */
export interface AlertFacts {
  /** The node's state in a word, and in the sentence that `/health` tells. */
  readonly state: string;
  readonly summary: string;
  /** What is not well, by the name of the part. */
  readonly conditions: ReadonlyMap<string, { readonly reason: string; readonly severity: string }>;
  /** What of the node's resources is likely to run out, one sentence for each, the soonest first. */
  readonly forecasts: readonly string[];
  /** Heals of the last ten minutes that nobody asked for. */
  readonly autoHeals: number;
  readonly burn: Burn | undefined;
  /** Why a process of this node was ended to cure it within the last quarter of an hour, or is about to be. */
  readonly exit: string | undefined;
}

/** When to call somebody. */
export interface AlertRule {
  readonly name: string;
  readonly severity: AlertSeverity;
  /** How long the fact must stand before it fires, ms. */
  readonly forMs: number;
  /** How long it must be gone before it is resolved, ms: what flaps is one alert. */
  readonly keepMs: number;
  readonly description: string;
  /** One sentence while the fact stands. */
  read(facts: AlertFacts): string | undefined;
}

/** Most heals within ten minutes that are worth no call. */
const HEALS = 10;

const ofCondition =
  (name: string) =>
  ({ conditions }: AlertFacts): string | undefined =>
    conditions.get(name)?.reason;

/** The rules, worst first. Their twins for Prometheus are in `config/prometheus/rules.yml`. */
export const ALERT_RULES: readonly AlertRule[] = [
  {
    name: 'NodeUnhealthy',
    severity: 'critical',
    forMs: 30_000,
    keepMs: 60_000,
    description: 'Requests fail, or the node needs a person.',
    read: ({ state, summary }) => (state === 'unhealthy' ? summary : undefined),
  },
  {
    name: 'ErrorBudgetBurn',
    severity: 'critical',
    forMs: 60_000,
    keepMs: 60_000,
    description: 'At this pace the objective of the month is missed within days.',
    read: ({ burn }) =>
      burn === undefined
        ? undefined
        : `${(burn.failed * 100).toFixed(1)} % of the requests of the last ${burn.window / 60} h failed: the error budget burns at ${burn.rate.toFixed(1)} times its pace.`,
  },
  {
    name: 'StoreDamaged',
    severity: 'critical',
    forMs: 5000,
    keepMs: 30_000,
    description: 'The memory store cannot be used. Writes get 503; calls to models go on.',
    read: ofCondition('memory_store'),
  },
  {
    name: 'WatchdogExit',
    severity: 'critical',
    forMs: 0,
    keepMs: 0,
    description: 'Milder repairs had not helped, so the process was ended for its supervisor to start a new one.',
    read: ({ exit }) => exit,
  },
  {
    name: 'RestartLoop',
    severity: 'critical',
    forMs: 0,
    keepMs: 60_000,
    description: 'Restarts have not cured the node: it stays up, degraded, until a person has looked at it.',
    read: ofCondition('restarts'),
  },
  {
    name: 'CircuitOpen',
    severity: 'warning',
    forMs: 0,
    keepMs: 30_000,
    description: 'Calls go to other targets, or are refused at once, until an attempt succeeds.',
    read: ofCondition('circuits'),
  },
  {
    name: 'QuotaExhausted',
    severity: 'warning',
    forMs: 5000,
    keepMs: 30_000,
    description: 'Keys rest until their quota is there again; callers may get 429 with the time to wait.',
    read: ofCondition('quota'),
  },
  {
    name: 'ForecastRaised',
    severity: 'warning',
    // A forecast that wavers is one already.
    forMs: 0,
    keepMs: 0,
    description: 'A resource of the node fills up at a pace that leads to its limit. The node makes no repair before.',
    read: ({ forecasts }) => (forecasts.length === 0 ? undefined : forecasts.join(' ')),
  },
  {
    name: 'TooManyAutoHeals',
    severity: 'warning',
    forMs: 0,
    keepMs: 60_000,
    description: 'What the node repairs comes back.',
    read: ({ autoHeals }) =>
      autoHeals > HEALS ? `The node has healed itself ${autoHeals} times within ten minutes.` : undefined,
  },
];
