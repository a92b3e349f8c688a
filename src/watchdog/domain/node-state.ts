import { type Cause, type Evidence } from '../../kernel/cause.js';
import { describeDuration } from '../../kernel/duration.js';
import { REQUEST_ERRORS } from './request-errors-name.js';

/** Overall state of the node, as `GET /health` names it, and two states of its life. */
export type NodeState = 'starting' | 'healthy' | 'degraded' | 'unhealthy' | 'draining';

/** Something that is not well, and since when. */
export interface Condition {
  readonly name: string;
  readonly severity: 'degraded' | 'unhealthy';
  readonly reason: string;
  readonly cause: Cause;
  readonly evidence: Evidence;
  readonly notReady: boolean;
  /** Found over time already: nobody waits to find it again. */
  readonly urgent: boolean;
  /** A new process would be rid of it, as far as can be told. */
  readonly restartCures: boolean;
  /** False for what a person is to know, and no heal is to be run for. */
  readonly healable: boolean;
  /** What a person can do where the node cannot. */
  readonly advice?: string | undefined;
  /** Wall-clock ms. */
  readonly since: number;
}

/** What the requests of the last five minutes say. */
export interface RequestFacts {
  readonly phase: 'starting' | 'running' | 'draining';
  readonly answered: number;
  readonly failed: number;
  /** The error score has reached its threshold. */
  readonly failing: boolean;
  /** Code of the last failure. */
  readonly lastFailure: string | undefined;
}

/** Decides the overall state: the worst of life, requests and conditions. */
export function judge(facts: RequestFacts, conditions: readonly Condition[]): NodeState {
  if (facts.phase !== 'running') return facts.phase;
  if (facts.failing || conditions.some(({ severity }) => severity === 'unhealthy')) return 'unhealthy';
  return conditions.length > 0 ? 'degraded' : 'healthy';
}

/** Most findings that the sentence names, so that it stays within two lines; `conditions` of `/health` has them all. */
const MOST_NAMED = 2;
/** A trouble younger than this is told without its age, ms: a text that changes every second cannot be read. */
const MINUTE_MS = 60_000;

/** The one sentence that page, alerts and command line share; `now` in wall-clock ms. */
export function summarise(
  state: NodeState,
  facts: RequestFacts,
  conditions: readonly Condition[],
  now: number,
): string {
  const { answered, failed, lastFailure } = facts;
  const total = answered + failed;
  if (state === 'starting') return 'Starting: the node is getting ready.';
  if (state === 'draining') return 'Shutting down: running answers are finished, new requests are refused.';
  if (state === 'healthy') {
    if (total === 0) return 'Healthy and waiting: no requests in the last 5 minutes.';
    const outcome = failed === 0 ? 'all answered' : `${failed} of them failed`;
    return `Healthy. ${plural(total, 'request')} in the last 5 minutes, ${outcome}.`;
  }
  const reasons = reasonsOf(conditions.filter(({ name }) => name !== REQUEST_ERRORS));
  const age = ageOf(conditions, now);
  if (!facts.failing) return `${capital(state)}${age}: ${reasons}`;
  const share = Math.round((failed / Math.max(total, 1)) * 100);
  return `Failing${age}: ${share} % of the requests of the last 5 minutes failed, last with ${lastFailure ?? 'no code'}. ${reasons}`.trim();
}

/** Why, and what a person can do, for the worst; how many more there are. */
function reasonsOf(conditions: readonly Condition[]): string {
  const named = conditions
    .slice(0, MOST_NAMED)
    .map(({ reason, advice }) => [reason, ...(advice === undefined ? [] : [advice])].join(' '));
  const more = conditions.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more of its parts ${more === 1 ? 'is' : 'are'} not well.`] : [])].join(
    ' ',
  );
}

/** How long the oldest of the worst has lasted, in words after the state. */
function ageOf(conditions: readonly Condition[], now: number): string {
  const worst = conditions.filter(({ severity }) => severity === 'unhealthy');
  const begun = (worst.length > 0 ? worst : conditions).reduce((first, { since }) => Math.min(first, since), now);
  const age = now - begun;
  return age < MINUTE_MS ? '' : ` for ${describeDuration(age - (age % MINUTE_MS))}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
