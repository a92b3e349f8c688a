import { type AlertReading, type HealReading, type TargetReading } from './admin-reading.js';
import { type Child, el } from './element.js';
import { moment, type ReaderClock } from './moment.js';
import { type Readings } from './readings.js';
import { icon, type PageState } from './state-sign.js';

const REFUSED =
  'Sign in at the top of this page to see this. Without ADMIN_TOKEN it is shown to whoever opens the page on the machine of the node.';
const UNKNOWN = 'Not known yet.';

/** State of a target as a word, a sign and a tone. */
const STATES: Readonly<Record<string, readonly [word: string, sign: PageState, tone: string]>> = {
  closed: ['in use', 'healthy', 'ok'],
  open: ['resting', 'unhealthy', 'bad'],
  half_open: ['being tried', 'degraded', 'warn'],
  isolated: ['taken out by an operator', 'unknown', 'idle'],
};
/** Worst first; nothing moves while states stay. */
const ORDER = ['open', 'half_open', 'isolated', 'closed'];

/** The targets, worst first, each with why it rests and when it is tried again. */
export function targetsRegion(targets: Readings['targets'], clock: ReaderClock): Child[] {
  if (typeof targets === 'string') return [said(targets)];
  if (targets.length === 0) return [el('p', {}, 'No model has been asked since the start.')];
  const place = ({ state }: TargetReading): number => ORDER.indexOf(state);
  const sorted = [...targets].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
  return [el('ul', { class: 'rows' }, ...sorted.map((target) => targetRow(target, clock)))];
}

function targetRow({ name, state, since, cause, next, calls, failures }: TargetReading, clock: ReaderClock): Child {
  const [word, sign, tone] = STATES[state] ?? ['unknown', 'unknown', 'idle'];
  const isolated = state === 'isolated';
  const words: Child[] = [`${word} since `, moment(since, clock)];
  if (cause !== null && state !== 'closed') words.push(`, for ${cause.replaceAll('_', ' ')}`);
  if (next !== null && state === 'open') words.push('; tried again from ', moment(next, clock));
  const act = isolated ? 'release' : 'isolate';
  const label = isolated ? 'Release' : 'Isolate';
  return el(
    'li',
    { 'data-tone': tone },
    icon(sign),
    el(
      'div',
      {},
      el('strong', {}, name),
      el('p', {}, ...words),
      el('small', {}, calls === 0 ? 'no calls lately' : `${calls} calls lately, ${failures} failed`),
    ),
    el('button', { type: 'button', 'data-act': act, 'data-target': name, 'aria-label': `${label} ${name}` }, label),
  );
}

const VERDICTS: Readonly<Record<string, string>> = {
  cured: 'it helped',
  not_cured: 'it did not help',
  pending: 'whether it helped is not known yet',
  unproven: 'nothing has shown whether it helped',
  no_fault: 'nothing was wrong',
};

/** The heals, newest first: cause, steps, verdict, and the whole of each behind them. */
export function healingRegion(heals: Readings['heals'], clock: ReaderClock, startedAt: string): Child[] {
  if (typeof heals === 'string') return [said(heals)];
  const button = el('p', {}, el('button', { type: 'button', 'data-act': 'heal' }, 'Heal now …'));
  if (heals.length === 0) {
    const since = startedAt === '' ? [] : [' since ', moment(startedAt, clock)];
    return [el('p', {}, 'No heal was needed', ...since, '.'), button];
  }
  return [el('ol', { class: 'rows' }, ...heals.map((heal) => healRow(heal, clock))), button];
}

function healRow({ at, by, level, cause, reason, steps, verdict, why, whole }: HealReading, clock: ReaderClock): Child {
  const done = steps.map(({ name, result }) => `${name.replaceAll('_', ' ')}${result === 'ok' ? '' : ` (${result})`}`);
  const tone = verdict === 'not_cured' ? 'bad' : verdict === 'cured' || verdict === 'no_fault' ? 'ok' : 'idle';
  return el(
    'li',
    { 'data-tone': tone },
    el(
      'div',
      {},
      el(
        'p',
        {},
        moment(at, clock),
        ' ',
        el('strong', {}, `${cause?.replaceAll('_', ' ') ?? 'asked for by hand'} → ${level}`),
      ),
      el('p', {}, `${done.join(', ')}: ${VERDICTS[verdict] ?? verdict}.`),
      el(
        'details',
        {},
        el('summary', {}, `${reason} (by ${by})`),
        el('p', {}, why),
        el('pre', { tabindex: '0' }, whole),
      ),
    ),
  );
}

/** What people were told of, worst first. */
export function alertsRegion(alerts: Readings['alerts'], clock: ReaderClock): Child[] {
  if (typeof alerts === 'string') return [said(alerts)];
  if (alerts.length === 0) return [el('p', {}, 'Nothing to tell anybody.')];
  return [el('ul', { class: 'rows' }, ...alerts.map((alert) => alertRow(alert, clock)))];
}

function alertRow({ name, severity, state, summary, since, silencedUntil }: AlertReading, clock: ReaderClock): Child {
  const over = state === 'resolved';
  const sign = over ? 'healthy' : severity === 'critical' ? 'unhealthy' : 'degraded';
  const tone = over ? 'ok' : severity === 'critical' ? 'bad' : 'warn';
  const silent: Child[] = silencedUntil === null ? [] : [', silenced until ', moment(silencedUntil, clock)];
  const button = el(
    'button',
    { type: 'button', 'data-act': 'silence', 'data-target': name, 'aria-label': `Silence 1 h: ${name}` },
    'Silence 1 h',
  );
  return el(
    'li',
    { 'data-tone': tone },
    icon(sign),
    el(
      'div',
      {},
      el('strong', {}, `${name}, ${severity}`),
      el('p', {}, summary),
      el('small', {}, `${state} since `, moment(since, clock), ...silent),
    ),
    ...(over || silencedUntil !== null ? [] : [button]),
  );
}

function said(why: 'refused' | 'unknown'): Child {
  return el('p', {}, why === 'refused' ? REFUSED : UNKNOWN);
}
