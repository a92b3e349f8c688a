import { EXIT } from '../../platform/exit-codes.js';
import { type FaultKind, storeFault } from '../domain/store-fault.js';

/** Why a command cannot go on, in words for the person who gave it. */
export class TransferProblem extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.io,
  ) {
    super(message);
  }
}

/** Faults that pass by themselves. */
const PASSING: readonly FaultKind[] = ['locked', 'held', 'slow', 'stopping', 'crowded', 'exhausted', 'standby'];

/** Faults of what the node was told. */
const TOLD: readonly FaultKind[] = ['refused', 'no_database', 'forbidden', 'untrusted', 'no_utf8', 'denied'];

/** Faults that no other attempt cures. */
const LASTING: readonly FaultKind[] = [
  ...(['full', 'readonly', 'not_a_database', 'corrupt', 'lost', 'disk', 'no_wal'] as const),
  ...(['server_full', 'server_error', 'server_damaged'] as const),
];

/** An error as the problem it is for a command; undefined when it is a bug. */
export function problemOf(error: unknown): TransferProblem | undefined {
  if (error instanceof TransferProblem) return error;
  const fault = storeFault(error);
  if (fault === undefined) return undefined;
  return new TransferProblem(fault.message, exitCodeOf(fault.kind));
}

function exitCodeOf(kind: FaultKind): number {
  if (PASSING.includes(kind)) return EXIT.later;
  if (TOLD.includes(kind)) return EXIT.config;
  return LASTING.includes(kind) ? EXIT.io : EXIT.unavailable;
}
