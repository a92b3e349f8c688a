import { type Cause, type Evidence } from '../../kernel/cause.js';

/** Overall state of the node, as `GET /health` names it, and two states of its life. */
export type NodeState = 'starting' | 'healthy' | 'degraded' | 'unhealthy' | 'draining';

/** What a finding is told as, where it is not simply a part that is not well. */
export type FindingKind = 'quota' | 'overloaded' | 'needs_you' | 'isolated';

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
  readonly kind?: FindingKind | undefined;
  /** What the node does about it meanwhile, as one sentence. */
  readonly doing?: string | undefined;
  /** When the node tries by itself whether it is over, wall-clock ms; in the past: with the next call. */
  readonly nextTryAt?: number | undefined;
  /** Wall-clock ms. */
  readonly since: number;
}

/** What decides about the state. */
export interface StateFacts {
  readonly phase: 'starting' | 'running' | 'draining';
  /** The error score has reached its threshold. */
  readonly failing: boolean;
}

/** Decides the overall state: the worst of life, requests and conditions. */
export function judge(facts: StateFacts, conditions: readonly Condition[]): NodeState {
  if (facts.phase !== 'running') return facts.phase;
  if (facts.failing || conditions.some(({ severity }) => severity === 'unhealthy')) return 'unhealthy';
  return conditions.length > 0 ? 'degraded' : 'healthy';
}

/** A condition in a sentence or two: what is not well, and what the node does about it. */
export function reasonOf({ reason, doing }: Pick<Condition, 'reason' | 'doing'>): string {
  return doing === undefined ? reason : `${reason} ${doing}`;
}
