import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { onServer } from './dialect.js';

/** Items, conversation turns and the probe row. */
export class CreateMemory1767225600000 implements MigrationInterface {
  readonly name = 'CreateMemory1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    // The first databases on a server were made by a later migration, as they then had to be.
    if (onServer(runner)) return;
    await runner.query(`CREATE TABLE memory_item (
      revision integer PRIMARY KEY AUTOINCREMENT NOT NULL,
      key text NOT NULL,
      value text NOT NULL,
      bytes integer NOT NULL,
      updated_at bigint NOT NULL
    )`);
    await runner.query('CREATE UNIQUE INDEX memory_item_key ON memory_item (key)');
    await runner.query(`CREATE TABLE conversation_turn (
      id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
      session_id text NOT NULL,
      content text NOT NULL,
      bytes integer NOT NULL,
      created_at bigint NOT NULL
    )`);
    await runner.query('CREATE INDEX conversation_turn_session ON conversation_turn (session_id, id)');
    await runner.query('CREATE TABLE memory_probe (id integer PRIMARY KEY NOT NULL, token text NOT NULL)');
  }

  /** Reverting would drop what people have stored. */
  down(): Promise<void> {
    return Promise.reject(new Error('the first schema is not reverted; restore a backup instead'));
  }
}
