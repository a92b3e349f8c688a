import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { onServer } from './dialect.js';

/** What the node has learnt, for its next life. */
export class CreateNodeState1767225700000 implements MigrationInterface {
  readonly name = 'CreateNodeState1767225700000';

  async up(runner: QueryRunner): Promise<void> {
    const collation = onServer(runner) ? ' COLLATE "C"' : '';
    await runner.query(`CREATE TABLE node_state (
      name text${collation} PRIMARY KEY NOT NULL,
      value text NOT NULL,
      updated_at bigint NOT NULL
    )`);
  }

  /** Nothing in it was given by people, and all of it is learnt anew. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE node_state');
  }
}
