import { type Child, el } from './element.js';
import { span } from './quantity.js';
import { type KeyReading } from './overview-reading.js';
import { icon } from './state-sign.js';

/** Keys that are drawn one by one, those that cannot be used; the others are only counted. */
const MOST = 20;
/** Digits of a key's hash that tell it from others on one page. */
const DIGITS = 4;

const QUOTAS: Readonly<Record<string, string>> = {
  per_minute: 'per-minute quota',
  per_day: 'per-day quota',
  unknown: 'quota used up',
};

/** The keys that rest or are refused, and how many are ready; nothing where the node has none of its own. */
export function keyRows(keys: readonly KeyReading[]): Child[] {
  if (keys.length === 0) return [];
  const out = keys.filter(({ state }) => state !== 'ready');
  const worst = [...out].sort((a, b) => Number(a.state !== 'refused') - Number(b.state !== 'refused'));
  const ready = keys.length - out.length;
  const hidden = out.length - MOST;
  const counted = `${ready} of ${keys.length} ${keys.length === 1 ? 'key' : 'keys'} ready.`;
  return [
    ...(worst.length === 0 ? [] : [el('ul', { class: 'rows keys' }, ...worst.slice(0, MOST).map(keyRow))]),
    el(
      'p',
      { class: 'span' },
      hidden > 0 ? `${counted} ${hidden} more rest: GET /self/overview lists them all.` : counted,
    ),
  ];
}

function keyRow(key: KeyReading): Child {
  const refused = key.state === 'refused';
  return el(
    'li',
    { 'data-tone': refused ? 'bad' : 'warn', 'data-key': `key ${key.id}` },
    icon(refused ? 'unhealthy' : 'starting'),
    el(
      'div',
      {},
      el('p', {}, el('strong', {}, `key #${key.id.slice(0, DIGITS)}`), refused ? refusal(key) : resting(key)),
    ),
  );
}

function refusal({ fault }: KeyReading): string {
  return ` refused by Gemini${fault === null ? '' : `: ${fault.replaceAll('_', ' ')}`}. Replace it in GEMINI_API_KEY.`;
}

/** For which model it rests longest, and for how many more it does. */
function resting({ rests }: KeyReading): string {
  const [longest] = rests;
  if (longest === undefined) return ' resting';
  const more = rests.length > 1 ? `, and for ${rests.length - 1} more` : '';
  return ` resting for ${longest.model}${more}, ${QUOTAS[longest.kind] ?? longest.kind.replaceAll('_', ' ')} · ${span(longest.left * 1000)} left`;
}
