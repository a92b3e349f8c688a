import { ConversationTurnRow } from './conversation-turn.entity.js';
import { ConversationRow } from './conversation.entity.js';
import { JournalEntryRow } from './journal-entry.entity.js';
import { MemoryItem } from './memory-item.entity.js';
import { MemoryProbe } from './memory-probe.entity.js';
import { MetricsSample } from './metrics-sample.entity.js';
import { NodeState } from './node-state.entity.js';
import { StoreMark } from './store-mark.entity.js';

/** Every table of the store. */
export const ENTITIES = [
  ConversationRow,
  ConversationTurnRow,
  JournalEntryRow,
  MemoryItem,
  MemoryProbe,
  MetricsSample,
  NodeState,
  StoreMark,
];
