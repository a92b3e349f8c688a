import { type Snapshot } from '../domain/push/family.js';

/** How a push ended: taken, worth another attempt, or refused for good. */
export type PushOutcome =
  | { readonly result: 'ok' }
  | { readonly result: 'failed'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly result: 'rejected'; readonly reason: string };

/** Somebody metrics are pushed to. */
export interface PushTarget<P> {
  /** A label of metrics, and a word in the log. */
  readonly name: 'otlp' | 'remote_write';
  /** Time between two pushes, ms. */
  readonly intervalMs: number;
  /** Most pushes that wait while the target takes none. */
  readonly waiting: number;
  /** Puts a snapshot into the form in which it waits. */
  prepare(snapshot: Snapshot): P;
  /** Sends it once. Never rejects, and ends within a limit of its own. */
  send(payload: P): Promise<PushOutcome>;
  close(): Promise<void>;
}
