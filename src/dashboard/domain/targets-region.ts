import { type TargetReading } from './admin-reading.js';
import { dayBar } from './day-bar.js';
import { type Child, el } from './element.js';
import { keyRows } from './key-rows.js';
import { iconRow } from './icon-row.js';
import { moment, type ReaderClock } from './moment.js';
import { NOTHING, seconds, span, whole } from './quantity.js';
import { type Readings } from './readings.js';
import { type PageState } from './state-sign.js';
import { notRead } from './not-read.js';

/** State of a target as a word, a sign and a tone. */
const STATES: Readonly<Record<string, readonly [word: string, sign: PageState, tone: string]>> = {
  closed: ['in use', 'healthy', 'ok'],
  open: ['resting', 'unhealthy', 'bad'],
  half_open: ['being tried', 'degraded', 'warn'],
  isolated: ['taken out by an operator', 'isolated', 'idle'],
};
/** Worst first; nothing moves while states stay. */
const ORDER = ['open', 'half_open', 'isolated', 'closed'];
/** Targets that are drawn: callers can invent models without end. `GET /self/circuits` has them all. */
const MOST = 50;

/** What the targets are told from. */
export interface TargetFacts extends Pick<Readings, 'targets' | 'overview'> {
  /** When it was told, wall-clock ms. */
  readonly now: number;
  readonly clock: ReaderClock;
}

/** The targets, worst first, each with why it rests and for how long, and the keys that cannot be used. */
export function targetsRegion({ targets, overview, now, clock }: TargetFacts): Child[] {
  if (typeof targets === 'string') return [notRead(targets)];
  // The clock of the node, where it is known: that of the reader may be another.
  const asked = typeof overview === 'string' ? now : Date.parse(overview.at);
  const keys = typeof overview === 'string' ? [] : keyRows(overview.keys);
  if (targets.length === 0)
    return [el('p', {}, 'No model has been asked since the start: each appears here with its first call.'), ...keys];
  const place = ({ state }: TargetReading): number => ORDER.indexOf(state);
  const sorted = [...targets].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
  const more = sorted.length - MOST;
  return [
    el('ul', { class: 'rows targets' }, ...sorted.slice(0, MOST).map((target) => targetRow(target, asked, clock))),
    ...keys,
    ...(more > 0 ? [el('p', { class: 'span' }, `${whole(more)} more: GET /self/circuits lists them all.`)] : []),
  ];
}

function targetRow(target: TargetReading, now: number, clock: ReaderClock): Child {
  const { name, state, hours } = target;
  const [word, sign, tone] = STATES[state] ?? ['unknown', 'unknown', 'idle'];
  const act = state === 'isolated' ? 'release' : 'isolate';
  const label = state === 'isolated' ? 'Release' : 'Isolate';
  const title = ` ${word} since `;
  return iconRow(
    { key: name, tone, sign },
    [
      el('p', {}, el('strong', {}, name), title, moment(target.since, clock), ...reason(target)),
      el('p', { class: 'span' }, ...doing(target, now, clock)),
    ],
    dayBar(hours),
    el('button', { type: 'button', 'data-act': act, 'data-target': name, 'aria-label': `${label} ${name}` }, label),
  );
}

/** Why a target is not in use, and for how long. */
function reason({ state, cause, inARow, left }: TargetReading): Child[] {
  if (state === 'closed') return [];
  const why = cause === null ? '' : `, for ${cause.replaceAll('_', ' ')}${inARow > 1 ? ` ×${inARow}` : ''}`;
  if (state !== 'open' || left === null) return [why];
  return [`${why}; tried again ${left === 0 ? 'with the next call' : `in ${span(left * 1000)}`}`];
}

/** When it last answered, how fast, how often it is called. */
function doing(
  { lastSuccess, p95, perMinute, calls, failures }: TargetReading,
  now: number,
  clock: ReaderClock,
): Child[] {
  const ago = now - Date.parse(lastSuccess ?? '');
  const answered: Child[] =
    lastSuccess === null
      ? ['no answer since the start']
      : ['last answer ', moment(lastSuccess, clock), Number.isNaN(ago) ? '' : ` (${span(ago)} ago)`];
  const speed = p95 === null ? NOTHING : seconds(p95 / 1000);
  const lately = failures === 0 ? '' : ` · ${whole(failures)} of ${whole(calls)} calls failed lately`;
  return [...answered, ` · p95 ${speed} · ${whole(perMinute)}/min${lately}`];
}
