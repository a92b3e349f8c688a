import { probabilityText, withinText } from '../../kernel/likelihood-text.js';
import { type Child, el } from './element.js';
import { moment, type ReaderClock } from './moment.js';
import { notRead } from './not-read.js';
import { type ForecastReading } from './overview-reading.js';
import { span } from './quantity.js';
import { type Readings } from './readings.js';
import { byVitalOrder, vitalName } from './vital-names.js';

/** Words that need no figures. */
const WORDS: Readonly<Record<string, readonly [word: string, tone: string]>> = {
  no_sign: ['no sign of it', 'ok'],
  no_limit: ['it has none', 'idle'],
  reached: ['it is as good as there: see the status', 'bad'],
};
const UNKNOWN: Readonly<Record<string, string>> = {
  unread: 'not known: not read yet',
  too_seldom: 'never known: WATCHDOG_INTERVAL is more than a tenth of FORECAST_HORIZON',
};

/** Whether the resources of the node are likely to reach their limits. */
export function forecastRegion(overview: Readings['overview'], clock: ReaderClock): Child[] {
  if (typeof overview === 'string' || overview.forecasts === null)
    return [notRead(overview === 'refused' ? 'refused' : 'unknown')];
  const { enabled, horizon, figures } = overview.forecasts;
  if (!enabled)
    return [
      el(
        'p',
        {},
        'No forecasts are made: the watchdog is off (',
        el('code', {}, 'ENABLE_WATCHDOG_ENV'),
        '), and it takes the readings.',
      ),
    ];
  const head = ['Resource', 'Reaches its limit'].map((title) => el('th', { scope: 'col' }, title));
  const rows = [...figures].sort(byVitalOrder).map((figure) => tableRow(figure, clock));
  return [
    el('table', { class: 'forecast' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows)),
    el(
      'p',
      { class: 'span' },
      `Within ${span(horizon * 1000)} at most, if it goes on as it did; the percentage is no measured chance.`,
    ),
  ];
}

function tableRow(figure: ForecastReading, clock: ReaderClock): Child {
  const { name, state, advice } = figure;
  const [tone, said] = words(figure, clock);
  const todo = state === 'likely' && advice !== '' ? [el('p', {}, advice)] : [];
  return el(
    'tr',
    { 'data-key': name },
    el('th', { scope: 'row' }, vitalName(name)),
    el('td', { 'data-tone': tone }, ...said, ...todo),
  );
}

function words({ state, because, probability, due, knownAt }: ForecastReading, clock: ReaderClock): [string, Child[]] {
  if ((state === 'likely' || state === 'possible') && probability !== null && due !== null)
    return ['info', [`${state} ${withinText(due * 1000)} (${probabilityText(probability)})`]];
  const known = WORDS[state];
  if (known !== undefined) return [known[1], [known[0]]];
  if (knownAt !== null) return ['idle', ['not known before ', moment(knownAt, clock)]];
  return ['idle', [UNKNOWN[because] ?? 'not known']];
}
