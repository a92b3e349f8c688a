import { type QueryRunner } from 'typeorm';

/** Number of the lock among those that programs of one database agree on; it stands for nothing. */
const WRITER_LOCK = 104_104_104;

/**
 * Begins a transaction that no other writer of this database works beside, on whatever node. Locked rows would not
 * do: two nodes can want to make the same row, or to number rows of the same session.
 */
export async function beginAlone(runner: QueryRunner): Promise<void> {
  await runner.query(
    // Whoever has made commits of this role cheaper is overruled: what is acknowledged is durable.
    `BEGIN;
     SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
     SELECT pg_advisory_xact_lock(${WRITER_LOCK})`,
  );
}

/** Takes back the transaction; a connection that does not even do that is given up by whoever finds it so. */
export async function rollBack(runner: QueryRunner): Promise<void> {
  await runner.query('ROLLBACK').catch(() => undefined);
}
