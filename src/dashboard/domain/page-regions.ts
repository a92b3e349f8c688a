import { describeDuration } from '../../kernel/duration.js';
import { alertsRegion, healingRegion, targetsRegion } from './admin-regions.js';
import { type Child, el } from './element.js';
import { type ConditionReading, type HealthReading, type MetricsReading } from './node-reading.js';
import { moment, type ReaderClock } from './moment.js';
import { type Readings } from './readings.js';
import { icon } from './state-sign.js';

/** What the page shows at one moment. */
export interface PageFacts extends Readings {
  readonly health: HealthReading;
  /** Wall-clock ms. */
  readonly now: number;
  readonly clock: ReaderClock;
}

/** Parts of the page that change, by the id of the element that holds them. */
export type RegionName = 'identity' | 'notice' | 'figures' | 'models' | 'conditions' | 'targets' | 'healing' | 'alerts';

/** The content of every part of the page that changes. */
export function regionsOf(facts: PageFacts): Readonly<Record<RegionName, readonly Child[]>> {
  return {
    identity: identity(facts.health),
    notice: facts.health.upstream === 'simulator' ? SIMULATED : [],
    figures: figures(facts),
    models: models(facts.figures),
    conditions: conditions(facts),
    targets: targetsRegion(facts.targets, facts.clock),
    healing: healingRegion(facts.heals, facts.clock, startOf(facts.figures)),
    alerts: alertsRegion(facts.alerts, facts.clock),
  };
}

const startOf = (read: Readings['figures']): string => (typeof read === 'string' ? '' : read.uptime_start);

const SIMULATED: readonly Child[] = [
  el(
    'p',
    {},
    el('strong', {}, 'Simulator:'),
    ' answers are not from Gemini. Set ',
    el('code', {}, 'GEMINI_API_KEY'),
    ' and start the node again.',
  ),
];

function identity({ version, upstream, uptime_seconds: uptime }: HealthReading): Child[] {
  return [`v${version} · up ${roughly(uptime * 1000)} · upstream: ${upstream}`];
}

/** Minutes are enough: a text that changes every second cannot be read. */
function roughly(ms: number): string {
  return ms < 60_000 ? 'less than a minute' : describeDuration(ms - (ms % 60_000));
}

function figures({ figures: read, health, clock }: PageFacts): Child[] {
  if (typeof read === 'string') {
    const total = `${number(health.requests_total)} requests have been finished since the start.`;
    return [el('p', {}, read === 'refused' ? `${REFUSED} ${total}` : `Unknown: /metrics gave no figures. ${total}`)];
  }
  return [
    el('p', { class: 'span' }, 'Since the start, ', moment(read.uptime_start, clock)),
    el('dl', { class: 'figures' }, ...figureRows(read).map(figure)),
  ];
}

const REFUSED = 'Sign in with ADMIN_TOKEN to see the figures: METRICS_TOKEN is set.';

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

function figureRows(read: MetricsReading): Figure[] {
  const { requests_total: total, requests_success: answered, requests_error: failed } = read;
  const left = total - answered - failed;
  return [
    { label: 'Requests', value: number(total), note: left > 0 ? `${number(left)} left by the client` : 'finished' },
    { label: 'Answered', value: total === 0 ? '–' : number(answered), note: shareOf(answered, answered + failed) },
    { label: 'Failed', value: total === 0 ? '–' : number(failed), note: 'ended in an error (4xx, 5xx, broken off)' },
    { label: 'Attempts', value: number(read.api_calls), note: 'calls sent to the upstream' },
    { label: 'Quota refusals', value: number(read.upstream_429), note: 'status 429 of the upstream' },
    { label: 'Upstream errors', value: number(read.upstream_5xx), note: 'status 5xx of the upstream' },
  ];
}

function figure({ label, value, note }: Figure): Child {
  return el('div', {}, el('dt', {}, label), el('dd', {}, el('b', {}, value), el('small', {}, note)));
}

/** Rounded down, so that one failure among many never reads as 100 %. */
function shareOf(part: number, whole: number): string {
  return whole === 0 ? 'none to count yet' : `${Math.floor((part / whole) * 1000) / 10} %`;
}

function models(read: Readings['figures']): Child[] {
  if (typeof read === 'string') return [el('p', {}, read === 'refused' ? 'Sign in to see them.' : 'Unknown.')];
  const names = [...new Set([...Object.keys(read.model_usage), ...Object.keys(read.model_429_count)])];
  if (names.length === 0) return [el('p', {}, 'No model has been used since the start.')];
  const rows = names
    .map((name) => ({ name, used: read.model_usage[name] ?? 0, refused: read.model_429_count[name] ?? 0 }))
    .sort((a, b) => b.refused - a.refused || b.used - a.used || (a.name < b.name ? -1 : 1));
  const head = ['Model', 'Answers', 'Quota refusals'].map((title) => el('th', { scope: 'col' }, title));
  return [
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...head)),
      el(
        'tbody',
        {},
        ...rows.map(({ name, used, refused }) =>
          el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, number(used)), el('td', {}, number(refused))),
        ),
      ),
    ),
  ];
}

function conditions({ health, now, clock }: PageFacts): Child[] {
  const { state, conditions: found } = health;
  if (found.length > 0) return [el('ul', {}, ...found.map((one) => condition(one, now, clock)))];
  const failing = state === 'unhealthy' ? ' The requests themselves fail.' : '';
  return [el('p', {}, `None of the parts that the node watches is out of order.${failing}`)];
}

function condition({ name, severity, reason, since }: ConditionReading, now: number, clock: PageFacts['clock']): Child {
  const bad = severity === 'unhealthy';
  const begun = Date.parse(since);
  return el(
    'li',
    { 'data-tone': bad ? 'bad' : 'warn' },
    icon(bad ? 'unhealthy' : 'degraded'),
    el(
      'div',
      {},
      el('strong', {}, `${name.replaceAll('_', ' ')}: ${bad ? 'failing' : 'degraded'}`),
      el('p', {}, reason),
      el('small', {}, 'since ', moment(since, clock), Number.isNaN(begun) ? '' : ` (${roughly(now - begun)})`),
    ),
  );
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
