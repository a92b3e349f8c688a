import { type Target } from './domain/failover/target.js';

/** Longest part of a model's name in the name of a circuit or a bulkhead; names may come from callers. */
export const MODEL_LIMIT = 100;

/** Name of the circuit of a target. */
export function circuitName({ model, key }: Target): string {
  return `${model.slice(0, MODEL_LIMIT)}@${key}`;
}
