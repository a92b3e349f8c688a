import { getMetadataArgsStorage } from 'typeorm';
import { ConversationTurnRow } from '../entities/conversation-turn.entity.js';
import { ConversationRow } from '../entities/conversation.entity.js';
import { JournalEntryRow } from '../entities/journal-entry.entity.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { NodeState } from '../entities/node-state.entity.js';

/** A column as an export holds it. */
interface TransferredColumn {
  readonly name: string;
  readonly text: boolean;
  readonly nullable: boolean;
}

/** A table that moves with the data. */
export interface TransferredTable {
  readonly name: string;
  readonly columns: readonly TransferredColumn[];
  /** Names of the key's columns, in its order. */
  readonly key: readonly string[];
}

/** In the order they move: turns before the sessions that are told from them. */
const ENTITIES = {
  memory_item: MemoryItem,
  conversation_turn: ConversationTurnRow,
  conversation: ConversationRow,
  node_state: NodeState,
  journal_entry: JournalEntryRow,
};

/** The tables that move with the data, in that order. */
export const TRANSFERRED: readonly TransferredTable[] = Object.entries(ENTITIES).map(([name, entity]) => {
  const columns = getMetadataArgsStorage().columns.filter(({ target }) => target === entity);
  return {
    name,
    columns: columns.map(({ propertyName, options: { type, nullable } }) => ({
      name: propertyName,
      text: type === 'text',
      nullable: nullable === true,
    })),
    key: columns.filter(({ options }) => options.primary === true).map(({ propertyName }) => propertyName),
  };
});

/** The row of `node_state` that tells how far an import has come; it does not move. */
export const IMPORT_POINT = 'db_import';
