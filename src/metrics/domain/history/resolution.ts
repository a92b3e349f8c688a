/** Steps in which samples are kept, seconds: as they are taken, by the minute, and by the hour. */
export const STEPS = [10, 60, 3600] as const;

/** One of the steps in which samples are kept, seconds. */
export type KeptStep = (typeof STEPS)[number];

/** Seconds between two samples. */
export const SAMPLE_SECONDS = STEPS[0];

const DAY = 86_400;

/**
 * How long samples of a step are kept at most, days: a day of every ten seconds shows how an incident went, two weeks of
 * minutes bring last week beside this one. What is kept in hours is kept for as long as the retention says.
 */
const KEPT_DAYS: Readonly<Record<KeptStep, number>> = { 10: 1, 60: 14, 3600: Infinity };

/** Steps that a plot has when none is asked for, seconds; longer ones are whole days. */
const ROUND_STEPS = [10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, DAY];

/** Points that a plot has when no step is asked for: about one for each two pixels. */
export const USUAL_POINTS = 500;

/** Most points of one answer and series. */
export const MOST_POINTS = 2000;

/** Samples that are read for a plot rather than a coarser one: a tenth of a second's work. */
const USUAL_SAMPLES = 5000;

/** A stretch of time, seconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** How a plot is told: its step, a multiple of the step of the samples that are read for it. */
export interface Resolution {
  readonly step: number;
  readonly kept: KeptStep;
}

/** What is wrong with the step that was asked for, and the least that can be had, seconds. */
export interface StepProblem {
  readonly problem: 'no_multiple' | 'too_many_points' | 'no_longer_kept';
  readonly least: number;
}

/** How long samples of a step are kept, seconds. */
export function keptSeconds(step: KeptStep, retentionDays: number): number {
  return Math.min(KEPT_DAYS[step], retentionDays) * DAY;
}

/** The resolution for a range where none is asked for: few points, told from few samples that are still there. */
export function usualResolution(range: TimeRange, now: number, retentionDays: number): Resolution {
  const seconds = range.to - range.from;
  for (const step of ROUND_STEPS) {
    const kept = coarsest(step);
    if (seconds / step > USUAL_POINTS || seconds / kept > USUAL_SAMPLES) continue;
    if (stillThere(kept, range.from, now, retentionDays)) return { step, kept };
  }
  const days = Math.max(1, Math.ceil(seconds / DAY / USUAL_POINTS));
  return { step: days * DAY, kept: coarsest(DAY) };
}

/** The resolution for a step that was asked for, seconds. */
export function askedResolution(
  step: number,
  range: TimeRange,
  now: number,
  retentionDays: number,
): Resolution | StepProblem {
  if (step < SAMPLE_SECONDS || step % SAMPLE_SECONDS !== 0) return { problem: 'no_multiple', least: SAMPLE_SECONDS };
  const seconds = range.to - range.from;
  if (seconds / step > MOST_POINTS) return { problem: 'too_many_points', least: leastStep(seconds) };
  const kept = coarsest(step);
  if (stillThere(kept, range.from, now, retentionDays)) return { step, kept };
  const coarser = STEPS.find((one) => one > kept && stillThere(one, range.from, now, retentionDays));
  return { problem: 'no_longer_kept', least: coarser ?? 3600 };
}

/** The coarsest samples of which the step is a multiple. */
function coarsest(step: number): KeptStep {
  return STEPS.findLast((kept) => step % kept === 0) ?? SAMPLE_SECONDS;
}

/** Those of hours are the last resort: before them there is nothing. A step more or less makes no difference. */
function stillThere(kept: KeptStep, from: number, now: number, retentionDays: number): boolean {
  return kept === 3600 || from >= now - keptSeconds(kept, retentionDays) - kept;
}

function leastStep(seconds: number): number {
  const least = seconds / MOST_POINTS;
  return ROUND_STEPS.find((step) => step >= least) ?? Math.ceil(least / DAY) * DAY;
}
