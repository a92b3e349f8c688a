import { type Child, el } from './element.js';
import { bytes, NOTHING, span, whole } from './quantity.js';
import { moment, type ReaderClock } from './moment.js';
import { notRead } from './not-read.js';
import { type OverviewReading, type PlacesReading } from './overview-reading.js';
import { type Readings } from './readings.js';

/** Models that are drawn, the busiest; callers can invent names. */
const MOST = 20;

/** How much the node takes on and how much of that is in use, per model and in all, and how its store stands. */
export function limitsRegion(overview: Readings['overview'], clock: ReaderClock): Child[] {
  if (typeof overview === 'string') return [notRead(overview)];
  const busiest = [...overview.places].sort(
    (a, b) => b.waiting - a.waiting || b.used / b.limit - a.used / a.limit || (a.name < b.name ? -1 : 1),
  );
  return [
    ...(busiest.length === 0
      ? [el('p', {}, 'No model has been asked since the start: each has a limit of its own from its first call.')]
      : [placesTable(busiest)]),
    el('dl', { class: 'facts' }, ...factRows(overview, clock).map(([name, value]) => fact(name, value))),
  ];
}

function placesTable(places: readonly PlacesReading[]): Child {
  const head = ['Model', 'In use', 'Limit', 'Waiting'].map((title) => el('th', { scope: 'col' }, title));
  const rows = places
    .slice(0, MOST)
    .map(({ name, used, limit, waiting }) =>
      el(
        'tr',
        { 'data-key': name },
        el('th', { scope: 'row' }, name),
        ...[used, limit, waiting].map((number) => el('td', {}, whole(number))),
      ),
    );
  return el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows));
}

function factRows(overview: OverviewReading, clock: ReaderClock): [string, Child[]][] {
  const { calls, places, retries, rate, streams } = overview;
  const waiting = places.reduce((sum, one) => sum + one.waiting, 0);
  return [
    ['Calls', [`${whole(calls.used)} of ${whole(calls.limit)}`]],
    ['Waiting', [whole(waiting)]],
    ['Streams', [streams === null ? NOTHING : `${whole(streams)} alive`]],
    ['Retry budget', [`${whole(retries.used)} of ${whole(retries.allowed)} used in ${span(retries.seconds * 1000)}`]],
    [
      'Rate limit',
      [
        `${whole(rate.requests)} a client in ${span(rate.seconds * 1000)}, ${whole(rate.clients)} ${rate.clients === 1 ? 'client' : 'clients'} remembered`,
      ],
    ],
    ['Store', storeWords(overview, clock)],
  ];
}

function storeWords({ at, store }: OverviewReading, clock: ReaderClock): Child[] {
  const { state, reason, database, size, pending, backup, backsUp } = store;
  const standing = state === 'unusable' && reason !== null ? `unusable: ${reason}` : state;
  const known = [standing, database, size === null ? 'size not known yet' : bytes(size)];
  const ago = Date.parse(at) - Date.parse(backup ?? '');
  const copy: Child[] =
    backup === null
      ? [backsUp ? 'no backup yet' : 'backups are the server’s']
      : ['last backup ', moment(backup, clock), Number.isNaN(ago) ? '' : ` (${span(ago)} ago)`];
  return [`${known.join(' · ')} · `, ...copy, ` · ${pending === null ? NOTHING : whole(pending)} writes pending`];
}

function fact(name: string, value: readonly Child[]): Child {
  return el('div', { 'data-key': name }, el('dt', {}, name), el('dd', {}, ...value));
}
