import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { onServer } from './dialect.js';

/** The history of metrics. Its one index serves both those who read a range of time and what removes what is too old. */
export class CreateMetricsSample1796100000000 implements MigrationInterface {
  readonly name = 'CreateMetricsSample1796100000000';

  async up(runner: QueryRunner): Promise<void> {
    const server = onServer(runner);
    // Lives order samples of one time: the same in every language of a database.
    const text = server ? 'text COLLATE "C"' : 'text';
    await runner.query(`CREATE TABLE metrics_sample (
      node ${text} NOT NULL,
      step integer NOT NULL,
      life ${text} NOT NULL,
      at bigint NOT NULL,
      body text NOT NULL,
      PRIMARY KEY (step, at, node, life)
    )${server ? '' : ' WITHOUT ROWID'}`);
  }

  /** The store goes on without it; the node then keeps the history of an hour in memory. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE metrics_sample');
  }
}
