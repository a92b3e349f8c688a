import { type AlertReading, type HealReading } from './admin-reading.js';
import { type Child, el } from './element.js';
import { iconRow } from './icon-row.js';
import { moment, type ReaderClock } from './moment.js';
import { type Readings } from './readings.js';
import { notRead } from './not-read.js';

/** What a heal has come to, in words. */
export const VERDICTS: Readonly<Record<string, string>> = {
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

function healRow(
  { id, at, by, level, cause, reason, steps, verdict, why, whole }: HealReading,
  clock: ReaderClock,
): Child {
  const done = steps.map(({ name, result }) => `${name.replaceAll('_', ' ')}${result === 'ok' ? '' : ` (${result})`}`);
  const tone = verdict === 'not_cured' ? 'bad' : verdict === 'cured' || verdict === 'no_fault' ? 'ok' : 'idle';
  return el(
    'li',
    { 'data-tone': tone, 'data-key': id },
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
        el(
          'p',
          { class: 'acts' },
          copyButton('copy-json', 'Copy as JSON', id),
          copyButton('copy-curl', 'Copy as curl', id),
        ),
      ),
    ),
  );
}

function copyButton(act: string, label: string, id: string): Child {
  return el('button', { type: 'button', 'data-act': act, 'data-target': id, 'data-key': act }, label);
}

/** What people were told of, worst first. */
export function alertsRegion(alerts: Readings['alerts'], clock: ReaderClock): Child[] {
  if (typeof alerts === 'string') return [notRead(alerts)];
  if (alerts.length === 0) return [el('p', {}, 'Nothing to tell anybody.')];
  return [el('ul', { class: 'rows' }, ...alerts.map((alert) => alertRow(alert, clock)))];
}

function alertRow(alert: AlertReading, clock: ReaderClock): Child {
  const { name, severity, state, summary, since, silencedUntil } = alert;
  const over = state === 'resolved';
  // Nobody has been told of what is pending, and it may pass.
  const critical = severity === 'critical' && state !== 'pending';
  const sign = over ? 'healthy' : critical ? 'unhealthy' : 'degraded';
  const tone = over ? 'ok' : critical ? 'bad' : 'warn';
  const silent: Child[] = silencedUntil === null ? [] : [', silenced until ', moment(silencedUntil, clock)];
  return iconRow(
    { key: name, tone, sign },
    [
      el('strong', {}, `${name}, ${severity}`),
      el('p', {}, summary),
      el('small', {}, `${state} since `, moment(since, clock), ...silent, ' · ', runbook(name)),
    ],
    ...silenceButton(alert, over),
  );
}

function runbook(alert: string): Child {
  const href = `/docs/runbooks#${encodeURIComponent(alert.toLowerCase())}`;
  return el('a', { href, 'aria-label': `What to do about ${alert}` }, 'what to do');
}

/** What stands and is heard can be silenced, and what is silent heard again. */
function silenceButton({ name, silencedUntil, silenceId }: AlertReading, over: boolean): Child[] {
  const button = (act: string, label: string, more: Record<string, string> = {}): Child[] => {
    const attributes = {
      type: 'button',
      'data-act': act,
      'data-target': name,
      'aria-label': `${label}: ${name}`,
      ...more,
    };
    return [el('button', attributes, label)];
  };
  if (silenceId !== null) return button('unsilence', 'End silence', { 'data-id': silenceId });
  return over || silencedUntil !== null ? [] : button('silence', 'Silence …');
}
