import { Injectable } from '@nestjs/common';
import { type Cause, healSteps, type HealStep, type StepContext, type StepState } from '../../heal/index.js';
import { ConnectionPool } from '../connection-pool.js';

/** Medium: puts new connections in place of the old ones, which finish what runs on them. */
@healSteps.contribute()
@Injectable()
export class RecyclePoolStep implements HealStep {
  readonly name = 'http_client_reset';
  readonly level = 'medium';
  readonly audience = 'all';
  readonly cures: readonly Cause[] = ['connection_fault', 'internal_fault'];
  readonly option = 'reset_http_client';

  constructor(private readonly pool: ConnectionPool) {}

  /** By default only when connection errors were counted since the last recycling. */
  wanted(): boolean {
    return this.pool.errors > 0;
  }

  state(): StepState {
    const { generation, errors, lastRecycle } = this.pool;
    const last_reset = lastRecycle === undefined ? null : new Date(lastRecycle.at).toISOString();
    return { generation, errors, last_reset, last_reason: lastRecycle?.reason ?? null };
  }

  run({ manual, reason }: StepContext): Promise<void> {
    this.pool.recycle(manual ? 'asked for by hand' : reason);
    return Promise.resolve();
  }

  verify(): Promise<string | undefined> {
    const { errors } = this.pool;
    return Promise.resolve(errors === 0 ? undefined : `${errors} connections of the new pool have failed already.`);
  }
}
