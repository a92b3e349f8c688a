import { Inject, Injectable } from '@nestjs/common';
import { HealService } from '../heal/index.js';
import { Circuits } from '../resilience/index.js';
import { Watchdog } from '../watchdog/index.js';
import { ConnectionPool, type PoolRecycled } from './connection-pool.js';

/**
 * What follows when the pool is recycled: circuits that opened on the old connections may be tried at once, and a
 * recycling that the pool decided on by itself is written down as the heal that it is.
 */
@Injectable()
export class PoolRecycling {
  constructor(
    @Inject(ConnectionPool) pool: ConnectionPool,
    @Inject(Circuits) private readonly circuits: Circuits,
    @Inject(HealService) private readonly heal: HealService,
    @Inject(Watchdog) private readonly watchdog: Watchdog,
  ) {
    pool.recycled.subscribe((event) => {
      this.circuits.expedite();
      if (event.own !== undefined) this.#record(event, event.own);
    });
  }

  #record({ generation }: PoolRecycled, { errors, fault }: NonNullable<PoolRecycled['own']>): void {
    const before = { generation: generation - 1, errors };
    const after = { generation, errors: 0 };
    const result = 'ok' as const;
    this.heal.record({
      by: 'http_client',
      level: 'medium',
      cause: 'connection_fault',
      reason: `${errors} connections to the upstream failed in a row, the last one with ${fault}.`,
      evidence: { errors, fault },
      step: { name: 'http_client_reset', level: 'medium', result, duration_ms: 0, before, after },
    });
    this.watchdog.nudge();
  }
}
