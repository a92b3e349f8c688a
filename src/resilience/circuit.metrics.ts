import { Injectable } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { metricSources, type MetricSource, MetricsRegistry, type SeedPart } from '../metrics/index.js';
import { type CircuitView } from './domain/circuit/circuit-view.js';

const STATES = ['closed', 'open', 'half_open', 'isolated', 'disabled'] as const;
/**
 * Circuits shown with series of their own, worst first: models multiply with keys, each circuit has a line per state, and
 * a long exposition holds up the event loop. `/self/circuits` shows them all.
 */
const SHOWN = 100;

/** Metrics of the circuits. */
@metricSources.contribute()
@Injectable()
export class CircuitMetrics implements MetricSource {
  readonly name = 'circuits';
  readonly #opened: Counter;
  #openings = 0;
  #views: () => readonly CircuitView[] = () => [];

  constructor(registry: MetricsRegistry) {
    this.#opened = registry.counter({
      name: 'l104_circuit_opens_total',
      help: 'Openings of circuits, reopenings included.',
    });
    registry.plot({
      tracks: [
        {
          name: 'circuits_open',
          kind: 'gauge',
          from: 'l104_circuit_state',
          where: ({ state }) => state === 'open' || state === 'half_open' || state === 'isolated',
          otherwise: 0,
        },
      ],
      series: [
        {
          name: 'circuits_open',
          unit: '',
          help: 'Circuits that are not closed, and the most that were at any look in a longer step.',
          shown: { as: 'highest', of: 'circuits_open' },
        },
      ],
    });
    const views = (): readonly CircuitView[] => this.#views().slice(0, SHOWN);
    registry.gauge({
      name: 'l104_circuit_state',
      help: '1 for the state the circuit of a target is in, 0 for the others.',
      labelNames: ['circuit', 'state'],
      collect() {
        this.reset();
        for (const { name, state } of views()) {
          for (const one of STATES) this.set({ circuit: name, state: one }, one === state ? 1 : 0);
        }
      },
    });
  }

  /** Tells where the circuits are read. */
  attach(views: () => readonly CircuitView[]): void {
    this.#views = views;
  }

  /** Counts one opening. */
  opened(): void {
    this.#opened.inc();
    this.#openings++;
  }

  seed(): SeedPart {
    const views = this.#views();
    return {
      circuit_breaks: this.#openings,
      self_healing: {
        circuit_breaker_open: views.some(({ state }) => state === 'open' || state === 'isolated'),
        circuit_breaker_failures: Math.max(0, ...views.map(({ counts }) => counts.consecutiveFailures)),
      },
    };
  }
}
