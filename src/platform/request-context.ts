import { type IncomingMessage } from 'node:http';
import { identify, type RequestIdentity } from './identifiers.js';

const IDENTITY = Symbol('identity');

type Identified = IncomingMessage & { [IDENTITY]?: RequestIdentity | undefined };

/** The identity of a request: made at the first call, the same at every later one. */
export function identityOf(request: IncomingMessage): RequestIdentity {
  const carrier: Identified = request;
  return (carrier[IDENTITY] ??= identify(request));
}

/** Fact: a request on one of the node's own routes has been answered or has failed. */
export interface RequestFinished {
  /** Name of the route, from a closed list: a label of metrics. */
  readonly route: string;
  readonly method: string;
  /** HTTP status; 499 when the client went away before the answer was whole. */
  readonly status: number;
  /** True when the status says success but the answer was broken off and reported in-band. */
  readonly broken: boolean;
  readonly durationMs: number;
  /** Code of the error, or undefined when there was none. */
  readonly code: string | undefined;
}
