import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/index.js';
import { type KeyPool } from './domain/quota/key-pool.js';

const STATES = ['ready', 'resting', 'refused'] as const;

type KeyStates = ReturnType<KeyPool['describe']>;

/** Metrics of the node's own keys. */
@Injectable()
export class KeyMetrics {
  #read: () => KeyStates = () => ({ keys: [], rests: [] });

  constructor(registry: MetricsRegistry) {
    const states = (): KeyStates => this.#read();
    registry.gauge({
      name: 'l104_api_keys',
      help: "The node's own keys by state: resting, its quota for some model is used up; refused, Gemini does not take it.",
      labelNames: ['state'],
      collect() {
        const counts = { ready: 0, resting: 0, refused: 0 };
        const { keys, rests } = states();
        const resting = new Set(rests.map(({ owner }) => owner));
        for (const { id, project, fault } of keys) {
          if (fault !== undefined) counts.refused++;
          else if (resting.has(project) || resting.has(`key:${id}`)) counts.resting++;
          else counts.ready++;
        }
        for (const state of STATES) this.set({ state }, counts[state]);
      },
    });
  }

  /** Tells where the states are read. */
  attach(read: () => KeyStates): void {
    this.#read = read;
  }
}
