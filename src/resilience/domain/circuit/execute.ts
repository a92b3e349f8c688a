import { type Circuit } from './circuit.js';
import { type Permit } from './permit.js';
import { type Rejection } from './refusal.js';

/** What one call says about its target. */
export type Verdict = 'success' | 'failure' | 'ignore';

/** What `execute` asks of its caller. */
export interface Execution<T> {
  /** Answers a call that was not let through; what it throws is the caller's answer. */
  readonly rejected: (rejection: Rejection) => T;
  /** Judges a result; by default it is a success. */
  readonly judgeResult?: (result: T) => Verdict;
  /** Judges what was thrown; by default it is a failure. */
  readonly judgeError?: (error: unknown) => Verdict;
  /** Is told when a judge throws; the call is neutral then, and its own result or error goes on unchanged. */
  readonly judgeFailed?: (error: unknown) => void;
}

/**
 * Runs a call through a circuit, where its end is the end of a promise. An open circuit
 * never starts it. Throws what the call throws.
 */
export async function execute<T>(circuit: Circuit, call: () => T | PromiseLike<T>, how: Execution<T>): Promise<T> {
  const permit = circuit.tryAcquire();
  if (!permit.admitted) return how.rejected(permit);
  let result: T;
  try {
    result = await call();
  } catch (error) {
    settle(permit, how.judgeError ?? failure, error, how);
    throw error;
  }
  if (how.judgeResult === undefined) permit.success();
  else settle(permit, how.judgeResult, result, how);
  return result;
}

function settle<T>(permit: Permit, judge: (fact: T) => Verdict, fact: T, how: Pick<Execution<T>, 'judgeFailed'>): void {
  try {
    const verdict = judge(fact);
    if (verdict === 'success') permit.success();
    else if (verdict === 'failure') permit.failure(nameOf(fact));
    else permit.ignore();
  } catch (error) {
    permit.ignore();
    try {
      how.judgeFailed?.(error);
    } catch {
      // Whoever reports a broken judge is no part of the call either.
    }
  }
}

function failure(): Verdict {
  return 'failure';
}

function nameOf(fact: unknown): string | undefined {
  return fact instanceof Error ? fact.name : undefined;
}
