import { type AnswerFault } from './answer-fault.js';
import { type QuotaLimits, type QuotaWindow } from './quota.js';
import { type RpcStatus } from './rpc-error.js';

/** An error of any kind the API gives, sent instead of an answer. */
export interface ErrorFault {
  readonly kind: 'error';
  readonly status: RpcStatus;
  /** HTTP status, when it is to differ from the usual one of `status`. */
  readonly code?: number | undefined;
  readonly message?: string | undefined;
  /** What RetryInfo says, in milliseconds. */
  readonly retryDelayMs?: number | undefined;
  /** Adds the details of a used-up quota of this window. */
  readonly quota?: QuotaWindow | undefined;
  /** The `Retry-After` header, in seconds. */
  readonly retryAfter?: number | undefined;
  /** Leaves all details out, as Google often does. */
  readonly bare: boolean;
  /** Sends an HTML page instead of JSON, as a front end does. */
  readonly html: boolean;
}

/** Faults that replace the answer. */
export type OutcomeFault =
  | ErrorFault
  | { readonly kind: 'capacity'; readonly retryDelayMs?: number | undefined }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'html200'; readonly contentType: string }
  | { readonly kind: 'reset'; readonly beforeHeaders: true };

/** Faults that delay the head of the response; absent durations mean for ever. */
export type DelayFault =
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs: number }
  | { readonly kind: 'silence'; readonly forMs?: number | undefined };

/** The head at once, then silence; for ever when `ms` is absent. */
export interface FirstTokenFault {
  readonly kind: 'firstTokenDelay';
  readonly ms?: number | undefined;
}

/** Faults that make a stream slow. */
export type PaceFault =
  | { readonly kind: 'slow'; readonly perEventMs: number }
  | { readonly kind: 'throughput'; readonly tokensPerSecond: number };

interface After {
  /** How many events are sent before it strikes. */
  readonly afterEvents: number;
}

/** An error told inside a response whose status was 200. */
interface LateError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
}

/** Faults that strike while the answer is on its way. */
export type StreamFault =
  | ({ readonly kind: 'stall'; readonly forMs?: number | undefined } & After)
  | ({ readonly kind: 'cut'; readonly cleanEnd: boolean } & After)
  | ({ readonly kind: 'reset'; readonly beforeHeaders: false } & After)
  | ({ readonly kind: 'truncatedEvent'; readonly then: 'end' | 'cut' } & After)
  | ({ readonly kind: 'garbage'; readonly mode: 'extra' | 'replace' } & After)
  | ({ readonly kind: 'inStreamError'; readonly then: 'end' | 'cut' | 'hang' } & After & LateError)
  | ({ readonly kind: 'bareJsonError' } & After & LateError)
  | ({ readonly kind: 'zombie'; readonly everyMs: number; readonly forMs?: number | undefined } & After)
  | { readonly kind: 'noTerminator' }
  | { readonly kind: 'truncatedBody'; readonly missingBytes: number };

/** Lines that clients are meant to ignore, between the events. */
export interface DecorFault {
  readonly kind: 'comments';
  /** Text of an `event:` line in front of each event; a comment line instead when absent. */
  readonly eventName?: string | undefined;
}

/** The listening socket is closed for the time of the fault; it concerns the whole server. */
interface RefuseFault {
  readonly kind: 'refuse';
}

/** Anything that can be made to go wrong. */
export type Fault =
  OutcomeFault | DelayFault | AnswerFault | FirstTokenFault | PaceFault | StreamFault | DecorFault | RefuseFault;

/** When and for whom a fault happens. */
export interface FaultRule {
  readonly id: string;
  /** Glob over the model's name. */
  readonly model?: string | undefined;
  /** Glob over the key or its hash. */
  readonly key?: string | undefined;
  readonly surface: 'native' | 'openai' | 'any';
  /** Globs over the method, one of which has to match; any method when absent. */
  readonly methods?: readonly string[] | undefined;
  /** Start of its time window, in milliseconds after the plan was set. */
  readonly fromMs: number;
  /** Length of its time window, in milliseconds; open-ended when absent. */
  readonly forMs?: number | undefined;
  /** How many matching requests pass first. */
  readonly skip: number;
  /** How many requests it hits before it is used up; no limit when absent. */
  readonly times?: number | undefined;
  /** Share of matching requests it hits, from 0 to 1. */
  readonly probability: number;
  readonly fault: Fault;
}

/** What is to go wrong. */
export interface FaultPlan {
  /** Start of the chance behind `probability` and jitter. */
  readonly seed: number;
  readonly faults: readonly FaultRule[];
  /** Limits in place of those the simulator was started with. */
  readonly quota?: QuotaLimits | undefined;
  /** Name of the preset it was made from, if any. */
  readonly preset?: string | undefined;
}

/** The most faults one plan may have. */
export const MAX_FAULTS = 200;
