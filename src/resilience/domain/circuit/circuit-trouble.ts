import { momentText } from '../../../kernel/moment-text.js';
import { type CircuitView } from './circuit-view.js';

/** An open circuit that nobody has tried for so long after its time is no news of its target any more, ms. */
const FORGOTTEN_MS = 300_000;

/** Circuits that keep calls out for the failures of their targets, the one that stays so longest first. */
export function failing(views: readonly CircuitView[]): CircuitView[] {
  return views.filter(isFailing).sort((a, b) => (b.remainingMs ?? 0) - (a.remainingMs ?? 0));
}

/** Circuits in an operator's hand, the one taken out first first. */
export function isolated(views: readonly CircuitView[]): CircuitView[] {
  return views.filter(({ state }) => state === 'isolated').sort((a, b) => a.since - b.since);
}

function isFailing({ state, forMs, openMs = 0 }: CircuitView): boolean {
  return (state === 'open' || state === 'half_open') && forMs - openMs < FORGOTTEN_MS;
}

/** A circuit that keeps calls out. */
export function failingText({ name, state, reason }: CircuitView, more: number): string {
  const why = reason?.cause ?? reason?.rule.replaceAll('_', ' ') ?? 'no reason known';
  return `${name} is failing (${why})${state === 'half_open' ? ', a call tries it now' : ''}${andMore(more)}.`;
}

/** What an operator holds back. */
export function isolatedText({ name, since, forMs, reason }: CircuitView, more: number): string {
  const words = reason?.cause === undefined ? '' : `: “${reason.cause}”`;
  return `${name} taken out by an operator at ${momentText(since, since + forMs)}${words}${andMore(more)}.`;
}

function andMore(count: number): string {
  return count > 0 ? `, and ${count} more` : '';
}
