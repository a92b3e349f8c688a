import { gatewayError } from '../kernel/error-codes.js';
import { QueueFull } from './domain/task-queue.js';

/** An error as callers may see it: of a full queue it says when there is likely to be room again, in `waitMs`. */
export function overloadOf(error: unknown, waitMs: number): unknown {
  if (!(error instanceof QueueFull)) return error;
  const retryAfterMs = Math.max(1, Math.ceil(waitMs));
  return gatewayError('OVERLOADED', 'The memory store has more work waiting than it takes.', { retryAfterMs });
}
