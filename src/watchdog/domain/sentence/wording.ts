import { type Cause } from '../../../kernel/cause.js';
import { describeDuration } from '../../../kernel/duration.js';
import { momentText } from '../../../kernel/moment-text.js';

/** A trouble younger than this is told without its age, ms: a text that changes every second cannot be read. */
const MINUTE_MS = 60_000;
/** Seconds that run down are told in steps of so many, for the same reason. */
const STEP_S = 5;
/** Names that a list in a sentence holds; the sentence stays within two lines. */
const MOST_NAMED = 2;

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  configuration: 'configuration fault',
  store_fault: 'store fault',
  connection_fault: 'connection fault',
  local_overload: 'overload',
  internal_fault: 'internal fault',
  quota_exhausted: 'used-up quota',
  upstream_outage: 'upstream outage',
};

/** A cause as people name it. */
export function causeWords(cause: Cause): string {
  return CAUSE_WORDS[cause];
}

/** ` since 21:04 UTC (6 min)`; both in wall-clock ms. A clock that was set back makes no age. */
export function sinceText(begun: number, now: number): string {
  const age = now - begun;
  const told = age < MINUTE_MS ? '' : ` (${describeDuration(age - (age % MINUTE_MS))})`;
  return ` since ${momentText(begun, now)}${told}`;
}

/** Seconds that are left, rounded up to steps that do not flicker. */
export function secondsText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${seconds <= STEP_S ? seconds : Math.ceil(seconds / STEP_S) * STEP_S} s`;
}

/** `1 request`, `3 requests`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** A share in whole percent, never 0 or 100 where it is not. */
export function percentText(part: number, whole: number): string {
  const percent = Math.round((part / whole) * 100);
  const shown = part > 0 && percent === 0 ? 1 : part < whole && percent === 100 ? 99 : percent;
  return `${shown} %`;
}

/** The first few names of a list, as words, and how many more there are. */
export function listText(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const named = names.slice(0, MOST_NAMED).map((name) => name.replaceAll('_', ' '));
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** With a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Without the capital of a sentence; names that are written in capitals keep them. */
export function inline(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** Without the full stop at its end. */
export function open(text: string): string {
  return text.replace(/\.$/, '');
}

/** Sentences that are there, one after the other. */
export function joined(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
