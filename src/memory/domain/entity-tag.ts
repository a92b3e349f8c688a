import { type ItemCondition } from './item-condition.js';

/** Longest conditional header that is read, characters: some hundred tags. */
const HEADER_LIMIT = 4096;
/** A list of entity-tags; empty elements are allowed (RFC 9110, sections 5.6.1 and 8.8.3). */
const LIST = /^[\t ,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[\t ]*(?:,[\t ,]*|$))+$/;
const TAG = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;

/** The conditional headers of a request, as they came. */
export interface ConditionalHeaders {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Thrown for a conditional header that cannot be followed; the message names it. */
export class BadCondition extends Error {}

/** The strong entity-tag of an item: its revision belongs to one write alone, also across deletion and a new item of its key. */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/** What must hold of an item for it to be written. Throws BadCondition. */
export function writeCondition({ ifMatch, ifNoneMatch }: ConditionalHeaders): ItemCondition {
  if (ifNoneMatch === undefined) return matchCondition(ifMatch);
  if (ifNoneMatch.trim() !== '*')
    throw new BadCondition('If-None-Match: a write takes only *, "there is no such item"');
  if (ifMatch !== undefined) throw new BadCondition('If-None-Match: no item can fulfil it together with If-Match');
  return { is: 'absent' };
}

/** What If-Match asks of an item; nothing without it. A weak tag matches none. Throws BadCondition. */
export function matchCondition(ifMatch: string | undefined): ItemCondition {
  if (ifMatch === undefined) return {};
  const tags = tagsOf('If-Match', ifMatch);
  return { is: tags === '*' ? 'present' : tags.flatMap(({ weak, opaque }) => (weak ? [] : revisionsOf(opaque))) };
}

/** Whether a reader has this revision already, by the If-None-Match it sent. Throws BadCondition. */
export function isKnown(ifNoneMatch: string | undefined, revision: number): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = tagsOf('If-None-Match', ifNoneMatch);
  return tags === '*' || tags.some(({ opaque }) => opaque === String(revision));
}

function tagsOf(name: string, header: string): '*' | { weak: boolean; opaque: string }[] {
  if (header.trim() === '*') return '*';
  if (header.length > HEADER_LIMIT || !LIST.test(header))
    throw new BadCondition(`${name}: must be * or a list of entity-tags such as "12", in double quotes`);
  return [...header.matchAll(TAG)].map(([, weak, opaque = '']) => ({ weak: weak !== undefined, opaque }));
}

/** A tag that was never given out names no revision. */
function revisionsOf(opaque: string): number[] {
  return /^[1-9]\d{0,15}$/.test(opaque) ? [Number(opaque)] : [];
}
