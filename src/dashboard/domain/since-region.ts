import { type Child, el } from './element.js';
import { moment, type ReaderClock } from './moment.js';
import { type MetricsReading } from './node-reading.js';
import { share, whole } from './quantity.js';
import { type Readings } from './readings.js';

const REFUSED = 'Sign in with ADMIN_TOKEN to see the figures: METRICS_TOKEN is set.';

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** The counts since the start, and the models used. */
export function sinceRegion(figures: Readings['figures'], requests: number, clock: ReaderClock): Child[] {
  if (typeof figures === 'string') {
    const total = `${whole(requests)} requests have been finished since the start.`;
    return [el('p', {}, figures === 'refused' ? `${REFUSED} ${total}` : `Unknown: /metrics gave no figures. ${total}`)];
  }
  return [
    el('p', { class: 'span' }, 'Since the start, ', moment(figures.uptime_start, clock)),
    el('dl', { class: 'figures' }, ...figureRows(figures).map(figure)),
    ...models(figures),
  ];
}

function figureRows(read: MetricsReading): Figure[] {
  const { requests_total: total, requests_success: answered, requests_error: failed } = read;
  const left = total - answered - failed;
  return [
    { label: 'Requests', value: whole(total), note: left > 0 ? `${whole(left)} left by the client` : 'finished' },
    { label: 'Answered', value: total === 0 ? '–' : whole(answered), note: shareOf(answered, answered + failed) },
    { label: 'Failed', value: total === 0 ? '–' : whole(failed), note: 'ended in an error (4xx, 5xx, broken off)' },
    { label: 'Attempts', value: whole(read.api_calls), note: 'calls sent to the upstream' },
    { label: 'Quota refusals', value: whole(read.upstream_429), note: 'status 429 of the upstream' },
    { label: 'Upstream errors', value: whole(read.upstream_5xx), note: 'status 5xx of the upstream' },
  ];
}

function figure({ label, value, note }: Figure): Child {
  return el('div', { 'data-key': label }, el('dt', {}, label), el('dd', {}, el('b', {}, value), el('small', {}, note)));
}

function shareOf(part: number, all: number): string {
  return all === 0 ? 'none to count yet' : share(part / all);
}

function models(read: MetricsReading): Child[] {
  const names = [...new Set([...Object.keys(read.model_usage), ...Object.keys(read.model_429_count)])];
  if (names.length === 0) return [el('p', {}, 'No model has been used since the start.')];
  const rows = names
    .map((name) => ({ name, used: read.model_usage[name] ?? 0, refused: read.model_429_count[name] ?? 0 }))
    .sort((a, b) => b.refused - a.refused || b.used - a.used || (a.name < b.name ? -1 : 1));
  const head = ['Model', 'Answers', 'Quota refusals'].map((title) => el('th', { scope: 'col' }, title));
  const body = rows.map(({ name, used, refused }) =>
    el(
      'tr',
      { 'data-key': name },
      el('th', { scope: 'row' }, name),
      el('td', {}, whole(used)),
      el('td', {}, whole(refused)),
    ),
  );
  return [el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body))];
}
