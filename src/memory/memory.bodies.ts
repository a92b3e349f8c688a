import { type SessionPage, type StoredTurn } from './conversation.store.js';
import { writeCursor } from './domain/page-cursor.js';
import { type ItemPage, type StoredItem } from './item.store.js';

/** An item as the API shows it. */
export function itemBody({ key, value, updatedAt }: Omit<StoredItem, 'revision'>): unknown {
  return { key, value, updated_at: moment(updatedAt) };
}

/** A page of items as the API shows it. */
export function itemPageBody({ items, next }: ItemPage): unknown {
  return { items: items.map(itemBody), next_cursor: next === undefined ? null : writeCursor('items', next) };
}

/** A session with its turns as the API shows it. */
export function sessionBody(sessionId: string, turns: readonly StoredTurn[]): unknown {
  return { session_id: sessionId, turns: turns.flatMap(turnBodies) };
}

/** A page of sessions as the API shows it. */
export function sessionPageBody({ sessions, next }: SessionPage): unknown {
  const shown = sessions.map(({ sessionId, turns, createdAt, updatedAt }) => ({
    session_id: sessionId,
    turns,
    created_at: moment(createdAt),
    updated_at: moment(updatedAt),
  }));
  return { sessions: shown, next_cursor: next === undefined ? null : writeCursor('sessions', next) };
}

function turnBodies({ userText, modelText, model, usage, createdAt }: StoredTurn): unknown[] {
  const created_at = moment(createdAt);
  return [
    { role: 'user', text: userText, created_at },
    { role: 'model', text: modelText, model, usage, created_at },
  ];
}

function moment(ms: number): string {
  return new Date(ms).toISOString();
}
