import { Module } from '@nestjs/common';
import { ConversationStore } from './conversation.store.js';
import { HealModule } from '../heal/index.js';
import { CheckMemoryStep } from './heal/check-memory.heal-step.js';
import { ItemStore } from './item.store.js';
import { DiskSpaceVital } from './disk-space.vital.js';
import { HistoryStore } from './history/history.store.js';
import { HistoryUpkeep } from './history/history-upkeep.service.js';
import { HealJournalStore } from './journal/heal-journal.store.js';
import { JournalUpkeep } from './journal/journal-upkeep.service.js';
import { MemoryController } from './memory.controller.js';
import { MemoryMetrics } from './memory.metrics.js';
import { MemoryStore } from './memory.store.js';
import { MemoryVital } from './memory.vital.js';
import { RepairRecord } from './repair-record.service.js';
import { StoreOverview } from './store.overview-part.js';
import { StoreHandover } from './store-handover.js';
import { NodeStateStore } from './state/node-state.store.js';
import { StateKeeper } from './state/state-keeper.service.js';

/** The durable memory: key–value pairs and conversations, what the node has learnt, and the journal of what was done to it. */
@Module({
  imports: [HealModule],
  controllers: [MemoryController],
  providers: [
    MemoryStore,
    MemoryMetrics,
    ItemStore,
    ConversationStore,
    CheckMemoryStep,
    MemoryVital,
    DiskSpaceVital,
    NodeStateStore,
    StateKeeper,
    RepairRecord,
    HealJournalStore,
    JournalUpkeep,
    HistoryStore,
    HistoryUpkeep,
    StoreHandover,
    StoreOverview,
  ],
  exports: [MemoryStore, ConversationStore, StoreHandover],
})
export class MemoryModule {}
