import { momentText } from '../../../kernel/moment-text.js';
import { type KeyPool } from './key-pool.js';

/** The node's own keys, as the pool shows them. */
export type KeyStates = ReturnType<KeyPool['describe']>;

/** A model for which every key rests, and the end of the first of those rests, epoch ms. */
interface Resting {
  readonly model: string;
  readonly until: number;
}

/** Quotas of the node's own keys that are used up. */
export interface QuotaTrouble {
  /** Keys that Gemini takes, and those of them that rest for some model. */
  readonly keys: number;
  readonly resting: number;
  /** Models for which every one of them rests are asked for in vain (the one that rests longest), or have fallbacks. */
  readonly inVain: Resting | undefined;
  readonly fallbacks: boolean;
}

/** The rests of one key, its own and those of its project. */
export function restsOf({ rests }: KeyStates, { id, project }: KeyStates['keys'][number]): KeyStates['rests'] {
  return rests.filter(({ owner }) => owner === project || owner === `key:${id}`);
}

/** What is used up; undefined when nothing is. `fallbacks` tells the models that serve when one cannot. */
export function quotaTrouble(
  states: KeyStates,
  fallbacks: (model: string) => readonly string[],
): QuotaTrouble | undefined {
  const good = states.keys.filter(({ fault }) => fault === undefined);
  const rests = good.map((key) => restsOf(states, key));
  const resting = rests.filter((one) => one.length > 0).length;
  if (resting === 0) return undefined;
  const dead = modelsAtRest(rests);
  const lost = [...dead].filter(([model]) => fallbacks(model).every((other) => dead.has(other)));
  const [worst] = lost.sort(([, a], [, b]) => b - a);
  const inVain = worst === undefined ? undefined : { model: worst[0], until: worst[1] };
  return { keys: good.length, resting, inVain, fallbacks: dead.size > 0 };
}

/** The models for which every key rests, and when the first key is back, epoch ms. */
function modelsAtRest(keys: readonly KeyStates['rests'][]): Map<string, number> {
  const models = new Set(keys.flat().map(({ model }) => model));
  const found = new Map<string, number>();
  for (const model of models) {
    // A key is back when the last of its rests has ended, its own and that of its project.
    const ends = keys.map((rests) =>
      Math.max(0, ...rests.filter((one) => one.model === model).map(({ until }) => until)),
    );
    const first = Math.min(...ends);
    if (first > 0) found.set(model, first);
  }
  return found;
}

/** How much of the quotas is used up. */
export function quotaText({ keys, resting }: QuotaTrouble): string {
  return `Quota used up on ${resting} of ${keys} keys.`;
}

/** Who serves meanwhile, or what callers get; `now` in epoch ms. */
export function quotaRelief({ inVain, fallbacks }: QuotaTrouble, now: number): string {
  if (inVain === undefined) return `${fallbacks ? 'Fallback models' : 'Others'} serve.`;
  return `All rest for ${inVain.model}: callers get 429 until ${momentText(roundedUp(inVain.until), now)}.`;
}

/** The minute in which it has come for sure: a time that is told must not be too early. */
function roundedUp(at: number): number {
  return Math.ceil(at / 60_000) * 60_000;
}

/** Keys that Gemini refuses, with why. */
export function refusedKeys({ keys }: KeyStates): { readonly id: string; readonly fault: string }[] {
  return keys.flatMap(({ id, fault }) => (fault === undefined ? [] : [{ id, fault }]));
}
