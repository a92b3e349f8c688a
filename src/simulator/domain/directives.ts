/** How a model that accepts a partial answer goes on from it. */
export const PREFILL_STYLES = ['exact', 'trimming', 'overlapping', 'preamble', 'restarting', 'unrelated'] as const;
export type PrefillStyle = (typeof PREFILL_STYLES)[number];

/**
 * What a prompt asks of the simulator. Written as `#name` or `#name=value` in the last user text:
 * `#words=200` length of the answer in words, `#echo` repeat the user's text, `#thoughts` thought parts first,
 * `#call` call the first declared function, `#blocked` the prompt is blocked, `#safety` and `#recitation` stop
 * midway, `#hop=40` words per hop and `#checkpoint=3` events per checkpoint on models with continuation tokens,
 * `#prefill=trimming` how a partial answer is continued, `#noindex` streamed OpenAI tool calls without `index`.
 */
export interface Directives {
  readonly words?: number;
  readonly echo?: boolean;
  readonly thoughts?: boolean;
  readonly call?: boolean;
  readonly blocked?: boolean;
  readonly stopMidway?: 'SAFETY' | 'RECITATION';
  readonly hopWords?: number;
  readonly checkpointEvents?: number;
  readonly prefill?: PrefillStyle;
  readonly withoutIndex?: boolean;
}

/** The longest answer that can be asked for, in words. */
const MAX_WORDS = 20_000;
const PATTERN = /(?:^|\s)#([a-z]+)(?:=([\w-]{1,20}))?(?=\s|$|[.,;!?])/g;
const NONE: Directives = {};

/** Reads the directives in a user text; unknown ones and bad values are ignored, as they are only text. */
export function parseDirectives(text: string): Directives {
  if (!text.includes('#')) return NONE;
  let found: Directives = NONE;
  for (const [, name, value] of text.matchAll(PATTERN)) found = { ...found, ...one(name ?? '', value) };
  return found;
}

function one(name: string, value: string | undefined): Directives {
  const count = Math.min(Number(value), MAX_WORDS);
  const counted = Number.isInteger(count) && count > 0;
  switch (name) {
    case 'words':
      return counted ? { words: count } : NONE;
    case 'hop':
      return counted ? { hopWords: count } : NONE;
    case 'checkpoint':
      return counted ? { checkpointEvents: count } : NONE;
    case 'echo':
      return { echo: true };
    case 'thoughts':
      return { thoughts: true };
    case 'call':
      return { call: true };
    case 'blocked':
      return { blocked: true };
    case 'safety':
      return { stopMidway: 'SAFETY' };
    case 'recitation':
      return { stopMidway: 'RECITATION' };
    case 'noindex':
      return { withoutIndex: true };
    case 'prefill': {
      const style = PREFILL_STYLES.find((known) => known === value);
      return style === undefined ? NONE : { prefill: style };
    }
    default:
      return NONE;
  }
}
