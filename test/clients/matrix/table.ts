import { PACKAGES } from '../drivers/all-drivers.js';
import { CIRCUMSTANCES } from './circumstances.js';
import { type Outcome, type Play } from './measure.js';

/** Everything that was measured in one circumstance. */
export interface Played extends Play {
  readonly outcomes: readonly Outcome[];
}

/** The tables of `docs/streams.md`: what becomes of faults that something can be done about, and of those that last. */
export function tablesText(played: readonly Played[]): string {
  const sections = (['stream', 'unary'] as const).flatMap((how) => {
    const here = played.filter((one) => one.how === how);
    const lasting = here.filter(({ circumstance }) => circumstance.name === CIRCUMSTANCES.lasting.name);
    const healable = here.filter((one) => !lasting.includes(one));
    const title = how === 'stream' ? 'Streamed answers' : 'Answers in one piece';
    return [
      `## ${title}`,
      `A fault that strikes once (${numbers(healable, true)}), or every time where there is a fallback (${numbers(healable, false)}).`,
      table(healable),
      'A fault that strikes every time, and nothing to fall back on.',
      table(lasting),
    ];
  });
  return `${sections.join('\n\n')}\n`;
}

/** One line per circumstance: its number in the tables and what it is. */
export function legendText(): string {
  return Object.values(CIRCUMSTANCES)
    .map(({ about, model }, at) => `${at + 1}. ${about} (\`${model}\`)`)
    .join('\n');
}

function table(played: readonly Played[]): string {
  const faults = [...new Set(played.flatMap(({ outcomes }) => outcomes.map(({ fault }) => fault)))];
  const rows = faults.map((fault) => [fault, ...PACKAGES.map(({ name }) => cell(played, fault, name))]);
  const head = ['fault', ...PACKAGES.map(({ name }) => name)];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** `whole`, or `4: whole; 1–3: ApiError 504` where the circumstances differ. */
function cell(played: readonly Played[], fault: string, client: string): string {
  const found = new Map<string, number[]>();
  for (const { circumstance, outcomes } of played) {
    const outcome = outcomes.find((one) => one.fault === fault && one.client === client);
    const text = outcome === undefined ? '–' : said(outcome);
    found.set(text, [...(found.get(text) ?? []), numberOf(circumstance.name)]);
  }
  if (found.size === 1) return [...found.keys()].join('');
  return [...found].map(([text, at]) => `${at.join(', ')}: ${text}`).join('<br>');
}

function said({ got, detail }: Outcome): string {
  if (got === 'error') return `error \`${detail.replaceAll(/[|`]/g, ' ').trim()}\``;
  return got === 'whole' ? 'whole' : `**${got}**`;
}

function numbers(played: readonly Played[], once: boolean): string {
  return played
    .filter(({ circumstance }) => circumstance.once === once)
    .map(({ circumstance }) => String(numberOf(circumstance.name)))
    .join(', ');
}

function numberOf(circumstance: string): number {
  return Object.values(CIRCUMSTANCES).findIndex(({ name }) => name === circumstance) + 1;
}
