import { type Child, el } from './element.js';
import { span } from './quantity.js';

/** An hour of a target, as `GET /self/circuits` tells it. */
export interface HourReading {
  readonly calls: number;
  readonly failures: number;
  readonly refusals: number;
  /** Seconds in which the target was out of use. */
  readonly out: number;
}

const HOUR_SECONDS = 3600;
const [STEP, WIDTH, HEIGHT] = [5, 4, 20];
/** Heights say what colours say: nothing known, nothing asked, all well; what went wrong stands higher, the more the more of it. */
const HEIGHTS = { idle: 1, quiet: 2, ok: 5, least: 9 } as const;
const TONES = ['idle', 'ok', 'warn', 'bad'] as const;

interface Bar {
  readonly tone: (typeof TONES)[number];
  readonly height: number;
}

/** The last day of a target by the hour, oldest first, and the same in words. */
export function dayBar(hours: readonly (HourReading | null)[]): Child {
  const bars = hours.map(barOf);
  const paths = TONES.flatMap((tone) => {
    const boxes = bars.flatMap((bar, n) => (bar.tone === tone ? [boxOf(n, bar.height)] : []));
    return boxes.length === 0 ? [] : [el('path', { class: `bar-${tone}`, d: boxes.join('') })];
  });
  const summary = dayText(hours);
  return el(
    'span',
    { class: 'day', title: summary },
    el(
      'svg',
      {
        viewBox: `0 0 ${hours.length * STEP} ${HEIGHT}`,
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
        focusable: 'false',
      },
      ...paths,
    ),
    el('span', { class: 'unseen' }, summary),
  );
}

function barOf(hour: HourReading | null): Bar {
  if (hour === null) return { tone: 'idle', height: HEIGHTS.idle };
  const bad = Math.max(hour.calls === 0 ? 0 : hour.failures / hour.calls, Math.min(1, hour.out / HOUR_SECONDS));
  const ill = Math.max(bad, hour.calls === 0 ? 0 : hour.refusals / hour.calls);
  if (ill === 0) return hour.calls === 0 ? { tone: 'ok', height: HEIGHTS.quiet } : { tone: 'ok', height: HEIGHTS.ok };
  // The root lets a few failures of many be seen.
  const height = HEIGHTS.least + Math.round((HEIGHT - HEIGHTS.least) * Math.sqrt(ill));
  return { tone: bad > 0 ? 'bad' : 'warn', height };
}

function boxOf(n: number, height: number): string {
  return `M${n * STEP} ${HEIGHT}v-${height}h${WIDTH}v${height}z`;
}

/** The day in a sentence. */
export function dayText(hours: readonly (HourReading | null)[]): string {
  const known = hours.filter((hour) => hour !== null);
  const sum = (read: (hour: HourReading) => number): number => known.reduce((all, hour) => all + read(hour), 0);
  const failing = known.filter(({ failures }) => failures > 0).length;
  const refused = known.filter(({ refusals }) => refusals > 0).length;
  const out = sum((hour) => hour.out);
  const parts = [
    ...(failing > 0 ? [`failures in ${plural(failing, 'hour')}`] : []),
    ...(refused > 0 ? [`quota refusals in ${plural(refused, 'hour')}`] : []),
    ...(out > 0 ? [`out of use for ${span(out * 1000)}`] : []),
  ];
  const told = parts.length > 0 ? parts.join(', ') : sum(({ calls }) => calls) === 0 ? 'not asked' : 'no failures';
  const unknown = hours.length - known.length;
  const of = unknown === 0 ? `Last ${hours.length} hours` : `Last ${hours.length} hours, ${unknown} of them not known`;
  return `${of}: ${told}.`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
