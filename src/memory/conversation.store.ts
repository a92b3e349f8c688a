import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { checksumOf, verified } from './checksum.js';
import { type Row } from './domain/change.js';
import { firstTurnToGo } from './domain/kept-turns.js';
import { type Need, type RowView, type Write } from './domain/write.js';
import { ConversationTurnRow } from './entities/conversation-turn.entity.js';
import { ConversationRow } from './entities/conversation.entity.js';
import { type MemorySettings, memorySettings } from './memory.settings.js';
import { MemoryStore } from './memory.store.js';

/** Whose session is meant, and which. */
export interface SessionKey {
  /** Name of a client, or '' where all clients share one store. */
  readonly namespace: string;
  readonly sessionId: string;
}

/** A question and its whole answer. */
export interface ConversationTurn {
  readonly userText: string;
  readonly modelText: string;
  /** Name of the model that answered. */
  readonly model: string;
  /** Tokens by type, under the names the answer gave them. */
  readonly usage: Readonly<Record<string, number>>;
  /** What else is kept with it by those who store it, as JSON; the store does not look into it. */
  readonly receipt?: unknown;
}

/** A turn as it was stored. */
export interface StoredTurn extends ConversationTurn {
  /** ms since the epoch by the wall clock. */
  readonly createdAt: number;
}

/** A session as the list shows it. */
export interface SessionSummary {
  readonly sessionId: string;
  /** Turns that are kept. */
  readonly turns: number;
  /** Wall clock, ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Which part of the list of sessions is asked for. */
export interface SessionQuery {
  /** Most sessions, at least 1. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly before?: number;
}

/** One page of the list of sessions, the last used first. */
export interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  /** What to ask `before` for the next page; undefined when this is the last one. */
  readonly next: number | undefined;
}

const TURN = 'conversation_turn';
const SESSION = 'conversation';

/**
 * Durable conversations by session id. A turn is stored whole or not at all, and once: a request that has a name is
 * stored under it. Its methods throw what `MemoryStore` throws; whether an id is a good one (`isSessionId`) is for the
 * caller to check.
 */
@Injectable()
export class ConversationStore {
  constructor(
    @Inject(MemoryStore) private readonly store: MemoryStore,
    @Inject(memorySettings.KEY) private readonly settings: MemorySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Adds a turn to a session, which begins with its first; turns past the session's limits go, oldest first.
   * False when the session has a turn with this `requestKey` already: then nothing is changed.
   */
  async append(session: SessionKey, turn: ConversationTurn, requestKey?: string): Promise<boolean> {
    const added = await this.store.write(this.#append(session, turn, requestKey));
    // The turn is stored already; where there is no room for this write, the next turn makes up for it.
    if (added?.over === true) await this.store.write(this.#trim(session)).catch(() => undefined);
    return added !== undefined;
  }

  /** The last `maxTurns` turns of a session, oldest first; empty when there is no such session. */
  async history(session: SessionKey, maxTurns = this.settings.sessionTurns): Promise<readonly StoredTurn[]> {
    return await this.store.read(async (manager) => {
      const where = { ...session };
      const rows = await manager.find(ConversationTurnRow, { where, order: { id: 'DESC' }, take: maxTurns });
      return rows.reverse().map(stored);
    });
  }

  /** The turn of a session that was stored under this name of a request. */
  async turnOf(session: SessionKey, requestKey: string): Promise<StoredTurn | undefined> {
    return await this.store.read(async (manager) => {
      const row = await manager.findOneBy(ConversationTurnRow, { ...session, requestKey });
      return row === null ? undefined : stored(row);
    });
  }

  /** One page of a namespace's sessions. Pages never show one twice nor skip one that is not used meanwhile. */
  async list(namespace: string, { limit, before }: SessionQuery): Promise<SessionPage> {
    return await this.store.read(async (manager) => {
      const found = manager
        .createQueryBuilder(ConversationRow, 'session')
        .where('session.namespace = :namespace', { namespace })
        .orderBy('session.last_turn', 'DESC')
        .limit(limit + 1);
      if (before !== undefined) found.andWhere('session.last_turn < :before', { before });
      const rows = await found.getMany();
      const sessions = rows.slice(0, limit);
      return { sessions, next: rows.length > limit ? sessions.at(-1)?.lastTurn : undefined };
    });
  }

  /** Removes a session with all its turns; false when there was none. */
  async delete(session: SessionKey): Promise<boolean> {
    const turns = turnsOf(session);
    return await this.store.write({
      needs: [summaryOf(session), turns],
      numbers: 0,
      bytes: session.sessionId.length,
      decide: (view) => {
        for (const { id } of view.rows(turns)) view.remove(TURN, { id: id as number });
        if (view.find(SESSION, { ...session }) === undefined) return false;
        view.remove(SESSION, { ...session });
        return true;
      },
    });
  }

  #append(
    session: SessionKey,
    { userText, modelText, model, usage, receipt }: ConversationTurn,
    requestKey: string | undefined,
  ): Write<{ over: boolean } | undefined> {
    const content = JSON.stringify({ userText, modelText, model, usage, receipt });
    const bytes = Buffer.byteLength(content);
    const now = this.clock.wall();
    const same = requestKey === undefined ? undefined : namedTurn(session, requestKey);
    const row = { ...session, requestKey: requestKey ?? null, content, bytes, checksum: checksumOf(content) };
    return {
      needs: [summaryOf(session), ...(same === undefined ? [] : [same])],
      numbers: 1,
      bytes,
      decide: (view) => {
        if (same !== undefined && view.rows(same).length > 0) return undefined;
        const id = view.number();
        view.put(TURN, { id, ...row, createdAt: now });
        const former = view.find(SESSION, { ...session });
        const turns = numberIn(former, 'turns') + 1;
        const total = numberIn(former, 'bytes') + bytes;
        const createdAt = former === undefined ? now : numberIn(former, 'createdAt');
        view.put(SESSION, { ...session, turns, bytes: total, lastTurn: id, createdAt, updatedAt: now });
        return { over: turns > this.settings.sessionTurns || total > this.settings.sessionBytes };
      },
    };
  }

  /** Apart from the append: only a session that is full pays for looking at its turns. */
  #trim(session: SessionKey): Write<void> {
    const turns = turnsOf(session);
    return {
      needs: [summaryOf(session), turns],
      numbers: 0,
      bytes: session.sessionId.length,
      decide: (view) => {
        this.#removeOldest(view, session, view.rows(turns));
      },
    };
  }

  #removeOldest(view: RowView, session: SessionKey, rows: readonly Row[]): void {
    const turns = rows.map((row) => ({ id: numberIn(row, 'id'), bytes: numberIn(row, 'bytes') }));
    turns.sort((a, b) => b.id - a.id);
    const last = firstTurnToGo(turns, this.settings.sessionTurns, this.settings.sessionBytes);
    const summary = view.find(SESSION, { ...session });
    if (last === undefined || summary === undefined) return;
    for (const { id } of turns) if (id <= last) view.remove(TURN, { id });
    const kept = turns.filter(({ id }) => id > last);
    const bytes = kept.reduce((sum, turn) => sum + turn.bytes, 0);
    view.put(SESSION, { ...summary, turns: kept.length, bytes });
  }
}

function summaryOf({ namespace, sessionId }: SessionKey): Need {
  const columns = ['namespace', 'sessionId', 'turns', 'bytes', 'lastTurn', 'createdAt', 'updatedAt'];
  return { table: SESSION, where: { namespace, sessionId }, columns };
}

function turnsOf({ namespace, sessionId }: SessionKey): Need {
  return { table: TURN, where: { namespace, sessionId }, columns: ['id', 'namespace', 'sessionId', 'bytes'] };
}

function namedTurn({ namespace, sessionId }: SessionKey, requestKey: string): Need {
  const columns = ['id', 'namespace', 'sessionId', 'requestKey'];
  return { table: TURN, where: { namespace, sessionId, requestKey }, columns };
}

function stored({ content, checksum, createdAt }: ConversationTurnRow): StoredTurn {
  return { ...(JSON.parse(verified(content, checksum)) as ConversationTurn), createdAt };
}

function numberIn(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}
