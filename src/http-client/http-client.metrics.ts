import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { metricSources, type MetricSource, MetricsRegistry, type SeedPart } from '../metrics/index.js';
import { type PoolFault } from './domain/connection-error.js';

interface PoolReadings {
  generation: () => number;
  errors: () => number;
  lastRecycle: () => number | undefined;
}

const FAULTS: readonly PoolFault[] = ['connect', 'reset', 'timeout', 'dns', 'tls', 'protocol', 'silent'];

/** Metrics of the outbound connections. */
@metricSources.contribute()
@Injectable()
export class HttpClientMetrics implements MetricSource {
  readonly name = 'http-client';
  readonly #faults: Counter<'fault'>;
  readonly #recycles: Counter;
  #resets = 0;
  #pool: PoolReadings = { generation: () => 0, errors: () => 0, lastRecycle: () => undefined };

  constructor(registry: MetricsRegistry) {
    this.#faults = registry.counter({
      name: 'l104_http_client_errors_total',
      help: 'Errors of connections to the upstream by kind; silent: no head of an answer within the limit on the first word.',
      labelNames: ['fault'],
    });
    for (const fault of FAULTS) this.#faults.inc({ fault }, 0);
    this.#recycles = registry.counter({
      name: 'l104_http_client_recycles_total',
      help: 'How often the connection pool was replaced by a new generation.',
    });
    const readings = (): PoolReadings => this.#pool;
    registry.gauge({
      name: 'l104_http_client_generation',
      help: 'Number of the pool generation that new calls use.',
      collect() {
        this.set(readings().generation());
      },
    });
  }

  /** Tells where the current readings are. */
  attach(pool: PoolReadings): void {
    this.#pool = pool;
  }

  /** Counts one connection error. */
  fault(fault: PoolFault): void {
    this.#faults.inc({ fault });
    if (fault === 'reset') this.#resets++;
  }

  /** Counts one recycling. */
  recycled(): void {
    this.#recycles.inc();
  }

  seed(): SeedPart {
    const at = this.#pool.lastRecycle();
    return {
      connection_resets: this.#resets,
      self_healing: {
        http_client_errors: this.#pool.errors(),
        last_http_reset: at === undefined ? null : new Date(at).toISOString(),
      },
    };
  }
}
