import { type IncomingMessage } from 'node:http';
import { type ConnectionPool } from '../http-client/index.js';
import { type Log } from '../platform/logging.js';
import { type RequestFinished } from '../platform/request-context.js';
import { type Admission, type Bulkheads, type RetryPolicy } from '../resilience/index.js';
import { type Tracing } from '../tracing/index.js';
import { type AnswerTimes } from './answer-times.service.js';
import { type Credentials } from './credentials.js';
import { type GatewayMetrics } from './gateway.metrics.js';
import { type CallHandle } from './receivers/receiver.js';
import { type HeartbeatTimes } from './heartbeat-timer.js';
import { type PrefillModels } from './prefill-models.service.js';
import { type BodyLimits } from './request-body.js';
import { type SharedAnswers } from './sharing/shared-answers.service.js';
import { type Targets } from './targets.service.js';
import { type Upstream } from './upstream.js';
import { type UpstreamVital } from './upstream.vital.js';

/** What all calls share. */
export interface ExchangeHost {
  readonly upstream: Upstream;
  readonly pool: ConnectionPool;
  readonly credentials: Credentials;
  readonly metrics: GatewayMetrics;
  readonly health: UpstreamVital;
  readonly targets: Targets;
  readonly policy: RetryPolicy;
  readonly bulkheads: Bulkheads;
  readonly times: AnswerTimes;
  readonly resume: { readonly enabled: boolean; readonly attempts: number };
  readonly prefill: PrefillModels;
  readonly sharing: SharedAnswers;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly admission: Admission;
  readonly bodyLimits: BodyLimits;
  /** Sizes in bytes, times in ms. */
  readonly limits: CallHandle['limits'] & HeartbeatTimes & { readonly deadlineMs: number };
  /** Address under which a client reached the node, without a slash at the end. */
  publicOrigin(request: IncomingMessage): string;
  /** Changes addresses of the upstream in response headers into addresses of the node at `publicOrigin`. */
  rewrite(headers: string[], publicOrigin: string): string[];
  /** Told once of every call that is over. */
  finished(event: RequestFinished): void;
}
