import { type IncomingMessage } from 'node:http';
import { type CallFacts } from '../kernel/call-facts.js';
import { type TraceContext } from '../kernel/trace-context.js';
import { identify, identityIn, type RequestIdentity } from './identifiers.js';

const IDENTITY = Symbol('identity');
const NOTES = Symbol('notes');

/** What is learnt of a request on its way, for the fact that tells of its end. */
interface RequestNotes {
  client?: string;
  call?: CallFacts;
  /** When it came, monotonic ms. */
  since?: number;
  /** Its end will be told by the interceptor of its route. */
  watched?: true;
}

type Known = IncomingMessage & { [IDENTITY]?: RequestIdentity | undefined; [NOTES]?: RequestNotes | undefined };

/** The identity of a request: made at the first call, the same at every later one. */
export function identityOf(request: IncomingMessage): RequestIdentity {
  const carrier: Known = request;
  return (carrier[IDENTITY] ??= identify(request));
}

/** Settles the place of a request in its trace; to be called before anybody asks for its identity. */
export function placeInTrace(request: IncomingMessage, context: TraceContext): RequestIdentity {
  const carrier: Known = request;
  return (carrier[IDENTITY] = identityIn(request, context));
}

/** Notes the name of the client behind a request, which is not told but as a short hash. */
export function noteClient(request: IncomingMessage, name: string): void {
  notesOf(request).client = name;
}

/** Notes the call to a model that a request has led to. */
export function noteCall(request: IncomingMessage, call: CallFacts): void {
  notesOf(request).call = call;
}

/** What has been noted of a request. */
export function notesOf(request: IncomingMessage): RequestNotes {
  const carrier: Known = request;
  return (carrier[NOTES] ??= {});
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
  /** What names the request; undefined for one that never came over the wire. */
  readonly identity?: RequestIdentity | undefined;
  /** What the client is known by; a digest of its key or its network. */
  readonly client?: string | undefined;
  /** The call to a model, where the request led to one. */
  readonly call?: CallFacts | undefined;
}
