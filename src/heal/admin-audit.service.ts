import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { type Clock } from '../kernel/clock.js';
import { MetricsRegistry } from '../metrics/index.js';
import { type AdminAction, AdminEvents } from '../platform/admin-events.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { RefusalAllowance } from './domain/refusal-allowance.js';
import { Journal } from './journal.service.js';

const OUTCOMES = ['ok', 'failed', 'refused'] as const;

/** Writes down what administrators do, and who was kept from it: in the log, in the journal and as a metric. */
@Injectable()
export class AdminAudit implements OnApplicationBootstrap {
  readonly #counter: Counter<'outcome'>;
  readonly #allowance = new RefusalAllowance();

  constructor(
    @Inject(AdminEvents) private readonly events: AdminEvents,
    @Inject(Journal) private readonly journal: Journal,
    @Inject(MetricsRegistry) registry: MetricsRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.#counter = registry.counter({
      name: 'l104_admin_actions_total',
      help: 'Requests of administrators that change something: done, failed, or refused for want of the right token.',
      labelNames: ['outcome'],
    });
    for (const outcome of OUTCOMES) this.#counter.inc({ outcome }, 0);
  }

  onApplicationBootstrap(): void {
    this.events.actions.subscribe((action) => {
      this.#note(action);
    });
  }

  #note({ action, target, admitted, status, who, address, reason, requestId }: AdminAction): void {
    const outcome = !admitted ? 'refused' : status < 400 ? 'ok' : 'failed';
    this.#counter.inc({ outcome });
    const fields = {
      action,
      ...(target === undefined ? {} : { target }),
      outcome: status,
      who,
      address,
      ...(reason === undefined ? {} : { reason }),
      request_id: requestId,
    };
    this.log[admitted ? 'info' : 'warn']({ event: 'admin_action', ...fields }, `admin action: ${outcome}`);
    const untold = admitted ? 0 : this.#allowance.take(this.clock.now());
    if (untold === undefined) return;
    const timestamp = new Date(this.clock.wall()).toISOString();
    const more = untold === 0 ? {} : { refused_before: untold };
    this.journal.append('admin_action', { timestamp, ...fields, ...more });
  }
}
