import { type IncomingMessage } from 'node:http';
import { type Priority } from '../resilience/index.js';
import { type CallTrace } from '../tracing/index.js';
import { type Route, type StreamForm } from './domain/route.js';
import { type ReplyFacts, type ReplyPort } from './reply-port.js';
import { type Run } from './run.js';
import { type RunResult } from './run-result.js';

/** The call that attempts are made for. */
export interface AttemptsCall {
  readonly route: Route;
  readonly reply: ReplyPort;
  readonly request: IncomingMessage;
  readonly traceparent: string;
  /** The span of the call; undefined where its trace is not recorded. */
  readonly trace: CallTrace | undefined;
  readonly over: boolean;
  readonly priority: Priority;
  /** Milliseconds left until the deadline. */
  readonly leftMs: number;
  facts(run: Run, model: string | undefined): ReplyFacts;
  rewrite(headers: string[]): string[];
  alive(): void;
  log(event: string, fields: Record<string, unknown>, text: string): void;
  /** The last word: an answer was given (no failure), or this failure is to be shown. */
  settled(run: Run | undefined, failure: RunResult | undefined): void;
}

/** What is asked, once the body is there. */
export interface Question {
  readonly body: Buffer;
  readonly form: StreamForm | undefined;
  /** The model asked for, then its fallbacks. */
  readonly models: readonly string[];
  /** Thinking budget, tokens; undefined is the model's own choice. */
  readonly thinking: number | undefined;
  /** A shorter body, for a model that says the first is too long; it is sent once, before a larger model is asked. */
  readonly shorter?: (() => Buffer) | undefined;
}
