import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { firstTurnToGo } from './domain/kept-turns.js';
import { ConversationTurnRow } from './entities/conversation-turn.entity.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { MemoryStore } from './memory.store.js';

/** A question and its whole answer. */
export interface ConversationTurn {
  readonly userText: string;
  readonly modelText: string;
  /** Name of the model that answered. */
  readonly model: string;
  /** Tokens by type, under the names the answer gave them. */
  readonly usage: Readonly<Record<string, number>>;
}

/** A turn as it was stored. */
export interface StoredTurn extends ConversationTurn {
  /** ms since the epoch by the wall clock. */
  readonly createdAt: number;
}

/**
 * Durable conversations by session id. A turn is stored whole or not at all. Its methods throw what
 * `MemoryStore` throws; whether an id is a good one (`isSessionId`) is for the caller to check.
 */
@Injectable()
export class ConversationStore {
  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds a turn to a session, which begins with its first; turns past the session's limits go, oldest first. */
  async append(sessionId: string, { userText, modelText, model, usage }: ConversationTurn): Promise<void> {
    const content = JSON.stringify({ userText, modelText, model, usage });
    const row = { sessionId, content, bytes: Buffer.byteLength(content), createdAt: this.clock.wall() };
    await this.store.write(async (manager) => {
      await manager.createQueryBuilder().insert().into(ConversationTurnRow).values(row).updateEntity(false).execute();
      await this.#trim(manager, sessionId);
    });
  }

  /** The last `maxTurns` turns of a session, oldest first; empty when there is no such session. */
  async history(sessionId: string, maxTurns = this.settings.sessionTurns): Promise<readonly StoredTurn[]> {
    const rows = await this.store.read((manager) =>
      manager.find(ConversationTurnRow, { where: { sessionId }, order: { id: 'DESC' }, take: maxTurns }),
    );
    return rows
      .reverse()
      .map(({ content, createdAt }) => ({ ...(JSON.parse(content) as ConversationTurn), createdAt }));
  }

  /** Removes a session with all its turns; false when there was none. */
  async delete(sessionId: string): Promise<boolean> {
    const work = (manager: EntityManager): Promise<{ affected?: number | null }> =>
      manager.delete(ConversationTurnRow, { sessionId });
    return ((await this.store.write(work)).affected ?? 0) > 0;
  }

  async #trim(manager: EntityManager, sessionId: string): Promise<void> {
    const turns = await manager.find(ConversationTurnRow, {
      select: { id: true, bytes: true },
      where: { sessionId },
      order: { id: 'DESC' },
    });
    const id = firstTurnToGo(turns, this.settings.sessionTurns, this.settings.sessionBytes);
    if (id !== undefined) await manager.delete(ConversationTurnRow, { sessionId, id: LessThanOrEqual(id) });
  }
}
