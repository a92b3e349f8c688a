import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '../metrics/index.js';
import { type KeyStates, restsOf } from './domain/quota/key-trouble.js';

const STATES = ['ready', 'resting', 'refused'] as const;

/** Metrics of the node's own keys. */
@Injectable()
export class KeyMetrics {
  #read: () => KeyStates = () => ({ keys: [], rests: [] });

  constructor(registry: MetricsRegistry) {
    registry.plot({
      tracks: [
        { name: 'keys_resting', kind: 'gauge', from: 'l104_api_keys', where: ({ state }) => state === 'resting' },
      ],
      series: [
        {
          name: 'keys_resting',
          unit: '',
          help: 'Keys whose quota for some model is used up, and the most that were at any look in a longer step.',
          shown: { as: 'highest', of: 'keys_resting' },
        },
      ],
    });
    const states = (): KeyStates => this.#read();
    registry.gauge({
      name: 'l104_api_keys',
      help: "The node's own keys by state: resting, its quota for some model is used up; refused, Gemini does not take it.",
      labelNames: ['state'],
      collect() {
        const counts = { ready: 0, resting: 0, refused: 0 };
        const now = states();
        for (const key of now.keys) {
          if (key.fault !== undefined) counts.refused++;
          else if (restsOf(now, key).length > 0) counts.resting++;
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
