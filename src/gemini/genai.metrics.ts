import { Injectable } from '@nestjs/common';
import { type Histogram } from 'prom-client';
import { type CallFacts } from '../kernel/call-facts.js';
import { failureName } from '../kernel/failure-name.js';
import { BoundedLabels, DURATION_BUCKETS, MetricsRegistry } from '../metrics/index.js';
import { type RequestFinished } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';

const OPERATION = ['gen_ai_operation_name', 'gen_ai_request_model', 'gen_ai_response_model'] as const;
/** OpenTelemetry's buckets for tokens: powers of 4 up to 67,108,864. */
const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, power) => 4 ** power);
/** Sets of labels with series of their own; each has 17 lines in a scrape. Clients can invent models without end. */
const SETS = 100;

/**
 * The twins of OpenTelemetry's metrics for GenAI clients, under the names that Prometheus gives them: one operation is
 * one call of a client, whatever attempts it took.
 */
@Injectable()
export class GenAiMetrics {
  readonly #durationSets = new BoundedLabels([...OPERATION, 'error_type'], SETS);
  readonly #tokenSets = new BoundedLabels(OPERATION, SETS);
  readonly #duration: Histogram<(typeof OPERATION)[number] | 'error_type'>;
  readonly #tokens: Histogram<(typeof OPERATION)[number] | 'gen_ai_token_type'>;

  constructor(registry: MetricsRegistry, events: RequestEvents) {
    this.#duration = registry.histogram({
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Time that calls to models took, by model asked and answering; error_type is empty where they succeeded.',
      labelNames: [...OPERATION, 'error_type'],
      buckets: DURATION_BUCKETS,
    });
    this.#tokens = registry.histogram({
      name: 'gen_ai_client_token_usage',
      help: 'Tokens that calls to models took, by model and type; thoughts count as output.',
      labelNames: [...OPERATION, 'gen_ai_token_type'],
      buckets: TOKEN_BUCKETS,
    });
    events.finished.subscribe((finished) => {
      const { call } = finished;
      if (call?.operation === undefined || call.attempts === 0) return;
      this.#observe(finished, call, call.operation);
    });
  }

  #observe(finished: RequestFinished, call: CallFacts, operation: string): void {
    const asked = call.asked ?? '';
    const served = call.served ?? '';
    this.#duration.observe(
      this.#durationSets.of(operation, asked, served, errorOf(finished)),
      finished.durationMs / 1000,
    );
    const { tokens } = call;
    if (tokens === undefined) return;
    const labels = this.#tokenSets.of(operation, asked, served);
    this.#tokens.observe({ ...labels, gen_ai_token_type: 'input' }, tokens.input);
    this.#tokens.observe({ ...labels, gen_ai_token_type: 'output' }, tokens.output + tokens.thoughts);
  }
}

/** `error.type`: the node's or the upstream's code, else the status; a client that left is an error of this operation too. */
function errorOf({ status, broken, code }: RequestFinished): string {
  if (!broken && status < 400) return '';
  return failureName(code, status);
}
