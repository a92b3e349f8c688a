import { type AlertReading, type HealReading } from './admin-reading.js';
import { type Child, el } from './element.js';
import { moment, type ReaderClock } from './moment.js';
import { type Readings } from './readings.js';
import { notRead } from './not-read.js';
import { icon } from './state-sign.js';

const VERDICTS: Readonly<Record<string, string>> = {
  cured: 'it helped',
  not_cured: 'it did not help',
  pending: 'whether it helped is not known yet',
  unproven: 'nothing has shown whether it helped',
  no_fault: 'nothing was wrong',
};

/** The heals, newest first: cause, steps, verdict, and the whole of each behind them. */
export function healingRegion(heals: Readings['heals'], clock: ReaderClock, startedAt: string): Child[] {
  if (typeof heals === 'string') return [notRead(heals)];
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
  if (typeof alerts === 'string') return [notRead(alerts)];
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
