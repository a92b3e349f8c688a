import { type SamplePlace } from './recording.js';
import { EMPTY_SAMPLE, mergeSamples, type Sample } from './sample.js';
import { type Series, valueOf } from './series.js';

/** How long ago still counts as recent, seconds: what users feel now, over enough requests to speak of. */
export const RECENT_SECONDS = 300;

/** What happened in the last minutes of one process. */
export interface RecentSpan {
  /** Seconds of the span that the process has seen: less than all of it when it is younger. */
  readonly covered: number;
  readonly sample: Sample;
}

/** One sample of the last `RECENT_SECONDS` before `now`, seconds since the epoch, with what has happened since the last one was taken. */
export function recentSpan(
  samples: readonly (Pick<SamplePlace, 'at'> & { readonly sample: Sample })[],
  running: Sample,
  now: number,
): RecentSpan {
  const late = samples.filter(({ at }) => at >= now - RECENT_SECONDS);
  const sample = late.reduce((all, one) => mergeSamples(all, one.sample), mergeSamples(EMPTY_SAMPLE, running));
  return { covered: Math.min(sample.seconds, RECENT_SECONDS), sample };
}

/** What series stand at in a span; null where nothing tells. Not rounded: one failure among millions is no "all". */
export function recentValues(
  { sample, covered }: RecentSpan,
  series: readonly Series[],
  boundsOf: (track: string) => readonly number[],
): Record<string, number | null> {
  return Object.fromEntries(
    series.map((one) => [one.name, covered === 0 ? null : valueOf(one, sample, covered, boundsOf)]),
  );
}
