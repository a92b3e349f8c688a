/** Opens when at least `share` (above 0, up to 1) of at least `minimumCalls` counted calls were so. */
export interface RateRule {
  readonly share: number;
  readonly minimumCalls: number;
}

/** A rate of calls that took longer than `slowerThanMs`, whether they succeeded or not. */
export interface SlowRule extends RateRule {
  readonly slowerThanMs: number;
}

/** What the rates look at: the last `calls` calls (1 to 10,000), or those of the last `spanMs`, in 1 to 1,000 `slots`. */
export type WindowOptions =
  | { readonly kind: 'count'; readonly calls: number }
  | { readonly kind: 'time'; readonly spanMs: number; readonly slots: number };

/** When a circuit opens, for how long, and how it tries again; a rule that is `false` is off. */
export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly consecutiveFailures: number | false;
  readonly failureRate: RateRule | false;
  readonly slowRate: SlowRule | false;
  readonly window: WindowOptions;
  /** First open time, ms. */
  readonly openMs: number;
  /** Each opening that follows an unhealthy period lasts so many times longer; at least 1. */
  readonly growth: number;
  /** Longest open time, ms; an `openMs` above it wins. */
  readonly openMaxMs: number;
  /** Closed for so long, in ms, the next opening starts again at `openMs`. */
  readonly healthyMs: number;
  /** Calls that may be on trial at once while half open. */
  readonly probes: number;
  /** Probes that must succeed before it closes. */
  readonly successesToClose: number;
  /** Time after which a probe that said nothing gives its place to another, ms. */
  readonly probeLimitMs: number;
}

const DEFAULTS: CircuitOptions = {
  consecutiveFailures: 5,
  failureRate: { share: 0.5, minimumCalls: 10 },
  slowRate: false,
  window: { kind: 'time', spanMs: 60_000, slots: 30 },
  openMs: 60_000,
  growth: 2,
  openMaxMs: 600_000,
  healthyMs: 120_000,
  probes: 1,
  successesToClose: 1,
  probeLimitMs: 60_000,
};

const MOST_CALLS = 10_000;
const MOST_SLOTS = 1000;

/** Fills in the defaults; throws RangeError for a value that could never work. */
export function circuitOptions(given: Partial<CircuitOptions> = {}): CircuitOptions {
  const options = { ...DEFAULTS, ...given };
  const { consecutiveFailures, failureRate, slowRate, window } = options;
  if (consecutiveFailures !== false) whole('consecutiveFailures', consecutiveFailures);
  if (window.kind === 'count') whole('window.calls', window.calls, MOST_CALLS);
  else {
    positive('window.spanMs', window.spanMs);
    whole('window.slots', window.slots, MOST_SLOTS);
  }
  // More calls than the window ever holds would be a rule that never speaks.
  const mostCounted = window.kind === 'count' ? window.calls : Number.MAX_SAFE_INTEGER;
  for (const rule of [failureRate, slowRate]) {
    if (rule === false) continue;
    if (!(rule.share > 0 && rule.share <= 1)) throw new RangeError(`share must be above 0, up to 1: ${rule.share}`);
    whole('minimumCalls', rule.minimumCalls, mostCounted);
  }
  if (slowRate !== false) positive('slowerThanMs', slowRate.slowerThanMs);
  for (const name of ['openMs', 'openMaxMs', 'probeLimitMs'] as const) positive(name, options[name]);
  if (!(options.healthyMs >= 0)) throw new RangeError(`healthyMs must not be negative: ${options.healthyMs}`);
  if (!(options.growth >= 1 && Number.isFinite(options.growth))) {
    throw new RangeError(`growth must be at least 1: ${options.growth}`);
  }
  whole('probes', options.probes);
  whole('successesToClose', options.successesToClose);
  return Object.freeze(options);
}

function whole(name: string, value: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
    throw new RangeError(`${name} must be a whole number from 1 to ${most}: ${value}`);
  }
}

function positive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be above 0: ${value}`);
}
