export { type ConversationTurn, ConversationStore, type SessionKey, type StoredTurn } from './conversation.store.js';
export { durabilitySettings } from './durability.settings.js';
export { type DatabaseCommand, readDatabaseCommand } from './transfer/command-line.js';
export { runDatabaseCommand, type StoreSettings } from './transfer/run-command.js';
export { MemoryModule } from './memory.module.js';
export { memorySettings } from './memory.settings.js';
export { MemoryStore } from './memory.store.js';
export { StoreHandover } from './store-handover.js';
export { type StoreState, type StoreStatus } from './store-status.js';
