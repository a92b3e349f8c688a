import { Module } from '@nestjs/common';
import { ConversationStore } from './conversation.store.js';
import { CheckMemoryStep } from './heal/check-memory.heal-step.js';
import { ItemStore } from './item.store.js';
import { MemoryController } from './memory.controller.js';
import { MemoryMetrics } from './memory.metrics.js';
import { MemoryStore } from './memory.store.js';
import { MemoryVital } from './memory.vital.js';
import { StoreHandover } from './store-handover.js';
import { NodeStateStore } from './state/node-state.store.js';
import { StateKeeper } from './state/state-keeper.service.js';

/** The durable memory: key–value pairs and conversations, and what the node has learnt. */
@Module({
  controllers: [MemoryController],
  providers: [
    MemoryStore,
    MemoryMetrics,
    ItemStore,
    ConversationStore,
    CheckMemoryStep,
    MemoryVital,
    NodeStateStore,
    StateKeeper,
    StoreHandover,
  ],
  exports: [MemoryStore, ConversationStore, StoreHandover],
})
export class MemoryModule {}
