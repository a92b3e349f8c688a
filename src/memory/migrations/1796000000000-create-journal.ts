import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { onServer } from './dialect.js';

/** The journal of what was done to the node, found by number, and by kind and number. */
export class CreateJournal1796000000000 implements MigrationInterface {
  readonly name = 'CreateJournal1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    // Ids order entries of one number: the same in every language of a database.
    const collation = onServer(runner) ? ' COLLATE "C"' : '';
    await runner.query(`CREATE TABLE journal_entry (
      id text${collation} PRIMARY KEY NOT NULL,
      number bigint NOT NULL,
      kind text NOT NULL,
      body text NOT NULL
    )`);
    await runner.query('CREATE INDEX journal_entry_number ON journal_entry (number, id)');
    await runner.query('CREATE INDEX journal_entry_kind ON journal_entry (kind, number, id)');
  }

  /** The store goes on without it; the node then keeps its journal in memory only. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE journal_entry');
  }
}
