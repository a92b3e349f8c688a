import { AsyncLocalStorage } from 'node:async_hooks';
import { type CallTrace } from './call-trace.js';

/** The trace of the request that is being worked on; nothing is followed while traces are off. */
const current = new AsyncLocalStorage<CallTrace>();

/** Runs work as part of a request whose trace is recorded. */
export function within(trace: CallTrace, work: () => void): void {
  current.run(trace, work);
}

/** A function that runs as part of the request which is being worked on now. */
export function ofThisTrace<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  const trace = current.getStore();
  return trace === undefined ? work : (...args) => current.run(trace, () => work(...args));
}

/** Runs an operation on a store, in a span of its own where the request it is for has one. */
export function storeOperation<T>(operation: string, work: () => Promise<T>): Promise<T> {
  const trace = current.getStore();
  return trace === undefined ? work() : trace.store(operation, work);
}
