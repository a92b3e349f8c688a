import { type Child, el } from './element.js';
import { bytes, NOTHING, seconds, span, whole } from './quantity.js';
import { notRead } from './not-read.js';
import { type OverviewReading, type VitalReading } from './overview-reading.js';
import { type Readings } from './readings.js';
import { byVitalOrder, vitalName } from './vital-names.js';

const WORDS: Readonly<Record<string, readonly [word: string, tone: string]>> = {
  ok: ['fine', 'ok'],
  near: ['near its limit', 'warn'],
  over: ['too much', 'bad'],
  unknown: ['not read yet', 'idle'],
};
/** What is told above this age says how old it is, ms. */
const FRESH_MS = 10_000;

interface Row {
  readonly name: string;
  readonly value: string;
  readonly limit: string;
  readonly word: string;
  readonly tone: string;
  readonly age?: string;
}

/** The vitals of the node: value, limit and a word for how they stand to each other. */
export function vitalsRegion(overview: Readings['overview']): Child[] {
  if (typeof overview === 'string') return [notRead(overview)];
  const vitals = [...overview.vitals].sort(byVitalOrder);
  const rows = [...vitals.map((vital) => vitalRow(vital, overview.at)), storeRow(overview), queueRow(overview)];
  const head = ['Vital', 'Now', 'Limit', ''].map((title) =>
    title === ''
      ? el('th', { scope: 'col' }, el('span', { class: 'unseen' }, 'State'))
      : el('th', { scope: 'col' }, title),
  );
  return [
    el('table', { class: 'vitals' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows.map(tableRow))),
  ];
}

function vitalRow({ name, value, unit, limit, stays, level, at }: VitalReading, now: string): Row {
  const write = (number: number | null): string =>
    number === null ? NOTHING : unit === 'bytes' ? bytes(number) : unit === 'seconds' ? seconds(number) : whole(number);
  const [word, tone] = WORDS[level] ?? ['not read yet', 'idle'];
  const ageMs = Date.parse(now) - Date.parse(at);
  return {
    name: vitalName(name),
    value: write(value),
    limit:
      limit === null ? (value === null ? NOTHING : 'none') : `${stays === 'above' ? 'at least ' : ''}${write(limit)}`,
    word: stays === 'above' && level === 'over' ? 'too little' : word,
    tone,
    ...(value !== null && ageMs > FRESH_MS ? { age: `${span(ageMs)} ago` } : {}),
  };
}

function storeRow({ store: { state, reason } }: OverviewReading): Row {
  const words: Readonly<Record<string, readonly [string, string]>> = {
    ready: ['fine', 'ok'],
    opening: ['opening', 'warn'],
    unusable: [reason ?? 'not usable', 'bad'],
  };
  const [word, tone] = words[state] ?? ['not known', 'idle'];
  return { name: 'Memory store', value: state === '' ? NOTHING : state, limit: '', word, tone };
}

function queueRow({ store: { pending, pendingLimit } }: OverviewReading): Row {
  const near = pending !== null && pendingLimit !== null && pending >= pendingLimit * 0.8;
  const [word, tone] = pending === null ? ['not known', 'idle'] : near ? ['near its limit', 'warn'] : ['fine', 'ok'];
  return {
    name: 'Writes waiting',
    value: pending === null ? NOTHING : whole(pending),
    limit: pendingLimit === null ? '' : whole(pendingLimit),
    word,
    tone,
  };
}

function tableRow({ name, value, limit, word, tone, age }: Row): Child {
  return el(
    'tr',
    { 'data-key': name },
    el('th', { scope: 'row' }, name),
    el('td', {}, value, ...(age === undefined ? [] : [' ', el('small', {}, age)])),
    el('td', {}, limit),
    el('td', { 'data-tone': tone, class: 'word' }, word),
  );
}
