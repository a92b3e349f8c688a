import { type QueryRunner } from 'typeorm';

/** Whether the statements go to a PostgreSQL server, not into a file. */
export function onServer(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'postgres';
}
