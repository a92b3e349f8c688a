import { Module } from '@nestjs/common';
import { ConversationStore } from './conversation.store.js';
import { CheckMemoryStep } from './heal/check-memory.heal-step.js';
import { ItemStore } from './item.store.js';
import { MemoryController } from './memory.controller.js';
import { MemoryMetrics } from './memory.metrics.js';
import { MemoryStore } from './memory.store.js';
import { MemoryVital } from './memory.vital.js';

/** The durable memory: key–value pairs and conversations. */
@Module({
  controllers: [MemoryController],
  providers: [MemoryStore, MemoryMetrics, ItemStore, ConversationStore, CheckMemoryStep, MemoryVital],
  exports: [MemoryStore, ConversationStore],
})
export class MemoryModule {}
