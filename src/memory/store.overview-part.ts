import { Inject, Injectable } from '@nestjs/common';
import { type OverviewPart, overviewParts } from '../watchdog/index.js';
import { HistoryUpkeep } from './history/history-upkeep.service.js';
import { MemoryMetrics } from './memory.metrics.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { MemoryStore } from './memory.store.js';

/** How the memory store stands: its state, its copies, and what waits to be written. */
@overviewParts.contribute()
@Injectable()
export class StoreOverview implements OverviewPart {
  readonly name = 'store';

  constructor(
    private readonly store: MemoryStore,
    private readonly metrics: MemoryMetrics,
    private readonly upkeep: HistoryUpkeep,
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
  ) {}

  read(): unknown {
    const { state, reason, since, path } = this.store.status();
    const { copies, pendingWrites } = this.metrics;
    return {
      state,
      reason: reason ?? null,
      since,
      database: path,
      kind: this.settings.database.kind,
      size_bytes: this.upkeep.bytes ?? null,
      pending_writes: pendingWrites,
      pending_limit: this.settings.queueLimit,
      redo_bytes: copies?.redoBytes ?? null,
      last_backup_at: copies?.backedUpAt === undefined ? null : new Date(copies.backedUpAt).toISOString(),
    };
  }
}
