import { MigrationExecutor, type QueryRunner } from 'typeorm';
import { StoreFault } from '../domain/store-fault.js';
import { beginAlone, rollBack } from './writer-lock.js';

/** Throws StoreFault unless texts sort and come back as they are in UTF-8. */
export async function requireUtf8(runner: QueryRunner): Promise<void> {
  const [row] = (await runner.query('SHOW server_encoding')) as { server_encoding: string }[];
  if (row?.server_encoding !== 'UTF8') throw new StoreFault('no_utf8');
}

/**
 * Runs the migrations that are still to run, all in one transaction. Nodes that start together run them once: the
 * first holds the writers' lock meanwhile, and the others then find nothing to do.
 */
export async function bringUpToDate(runner: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(runner.connection, runner);
  if ((await executor.getPendingMigrations()).length === 0) return;
  await beginAlone(runner);
  try {
    // Part of the transaction that was begun.
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await runner.query('COMMIT');
  } catch (error) {
    await rollBack(runner);
    throw error;
  }
}
