/** How long everything takes: troubles and the limits that are judged, all of them scaled together. */
export interface Profile {
  readonly name: 'full' | 'fast';
  /** The length of a trouble, or a least time that is demanded, from its real one, ms. */
  ms(real: number): number;
  /** The most time something may take, from its real one, ms. */
  atMost(real: number): number;
  /** A wait in whole seconds, which HTTP has no smaller unit for; at least one. */
  seconds(real: number): number;
}

/** What every scenario runs with, beside one key and one fallback: everything that is not named has its default. */
export const BASELINE = { MAX_RETRY_ATTEMPTS: '3', TTFT_TIMEOUT_MS: '30s', STREAM_IDLE_TIMEOUT_MS: '15s' } as const;

const FULL: Profile = {
  name: 'full',
  ms: (real) => real,
  atMost: (real) => real,
  seconds: (real) => real,
};

const SCALE = 8;
/** What a busy machine may add to any time, ms. */
const ALLOWANCE_MS = 3_000;

/** An eighth of the real times; each scenario scales the settings that decide it. */
const FAST: Profile = {
  name: 'fast',
  ms: (real) => real / SCALE,
  atMost: (real) => real / SCALE + ALLOWANCE_MS,
  seconds: (real) => Math.max(1, Math.round(real / SCALE)),
};

/** The profiles by name. */
export const PROFILES = { full: FULL, fast: FAST } as const;
