import { isPlain, keyOf, standsOnce, withoutSpace } from './held-tail.js';
import { goesOnMidSentence } from './preamble.js';
import { endsInHalfPair } from './whole-pairs.js';

/** UTF-16 units that are held back at least: enough that nothing else begins the same by chance. */
const HELD = 40;

/** UTF-16 units within which a better place for the cut is preferred to a shorter tail. */
const NEAR = 80;

/** Most UTF-16 units that are held back, where the end of the text repeats itself. */
const MOST_HELD = 160;

/** Fewest UTF-16 units that are sent: from less a model would not know what it goes on with. */
const LEAST_PREFILL = 16;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Scripts that are written without spaces: every character is a place to cut. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}]/u;

/** Where to cut a partial answer: what is sent as the model's last turn, and the tail held back to verify the seam; undefined when it is too short for that. */
export function prefillCut(delivered: string): { readonly prefill: string; readonly held: string } | undefined {
  if (endsInHalfPair(delivered)) return undefined;
  const bare = withoutSpace(delivered);
  const cut = placesOf(delivered)
    .sort((a, b) => a.rank - b.rank || b.at - a.at)
    .find(({ at }) => tellsItsPlace(delivered.slice(at), bare));
  return cut && { prefill: delivered.slice(0, cut.at), held: delivered.slice(cut.at) };
}

function tellsItsPlace(held: string, bare: string): boolean {
  return !isPlain(keyOf(held)) && standsOnce(withoutSpace(held), bare);
}

/** Every place where the text may be cut, with the rank of its choice: 0 is best. */
function placesOf(delivered: string): { readonly at: number; readonly rank: number }[] {
  const last = delivered.length - HELD;
  const first = Math.max(LEAST_PREFILL, delivered.length - MOST_HELD);
  const places: { at: number; rank: number }[] = [];
  if (last < first) return places;
  // Read from a little before, so that a cluster that is cut by the slice is not taken for two.
  const from = Math.max(0, first - 16);
  for (const { index } of graphemes.segment(delivered.slice(from))) {
    const at = from + index;
    if (at > last) break;
    if (at < first) continue;
    const kind = kindOf(delivered, at);
    if (kind !== undefined) places.push({ at, rank: kind + (delivered.length - at > NEAR ? 4 : 0) });
  }
  return places;
}

/**
 * 0 between words in the middle of a sentence, where an introduction of the model stands out; 1 between words,
 * 2 at other signs, 3 inside a word; undefined where no cut is allowed.
 */
function kindOf(delivered: string, at: number): number | undefined {
  const before = delivered.slice(Math.max(0, at - 4), at);
  const after = delivered.slice(at);
  if (inCluster(before, after)) return undefined;
  // Models go on badly behind white space: it belongs to the tail.
  if (/\s$/u.test(before)) return undefined;
  const key = keyOf(after);
  if (key.length < after.length) {
    return goesOnMidSentence(before + after.slice(0, after.length - key.length), key) ? 0 : 1;
  }
  const previous = /.$/su.exec(before)?.[0] ?? '';
  const next = /^./su.exec(after)?.[0] ?? '';
  if (UNSPACED.test(previous) || UNSPACED.test(next)) return 1;
  return /[\p{L}\p{N}_]/u.test(previous) && /[\p{L}\p{N}_]/u.test(next) ? 3 : 2;
}

/** Where a segmenter that begins inside a cluster may see an end that is none: at joiners, marks and flags. */
function inCluster(before: string, after: string): boolean {
  if (/[\u200D\uD800-\uDBFF]$/.test(before) || /^[\p{M}\p{EMod}\u200D]/u.test(after)) return true;
  return /\p{RI}$/u.test(before) && /^\p{RI}/u.test(after);
}
