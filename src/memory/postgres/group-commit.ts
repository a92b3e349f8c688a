import { setTimeout as pause } from 'node:timers/promises';
import { type QueryRunner } from 'typeorm';
import { StoreFault } from '../domain/store-fault.js';
import { type Write, type WriteOutcome } from '../domain/write.js';
import { applyChanges, decideGroup } from '../group-transaction.js';
import { NotAgain, type PostgresConnections } from './postgres-connections.js';
import { type TimeLimit } from './time-limit.js';
import { beginAlone, rollBack } from './writer-lock.js';

/** Time between questions after a transaction whose end is not known yet, ms. */
const ASK_AGAIN_MS = 50;

/** A transaction whose commit has been sent: it stands or falls with the answer. */
interface Sent {
  readonly transaction: string;
  readonly outcomes: readonly WriteOutcome[];
}

/** A group on its way. */
interface Group {
  /** Takes the writes, and then always the same. */
  readonly take: () => readonly Write<unknown>[];
  sent: Sent | undefined;
}

/** Makes groups of writes durable, each in one transaction that works beside no other writer's. */
export class GroupCommit {
  constructor(private readonly connections: PostgresConnections) {}

  /** Makes a group durable, all or none. Throws StoreFault of kind `unknown` when nobody can tell which. */
  async commit(take: () => readonly Write<unknown>[]): Promise<readonly WriteOutcome[]> {
    let taken: readonly Write<unknown>[] | undefined;
    const group: Group = { take: () => (taken ??= take()), sent: undefined };
    const limit = this.connections.limit();
    try {
      for (;;) {
        try {
          return await this.connections.run((runner) => transact(runner, group), limit);
        } catch (error) {
          if (group.sent === undefined) throw error;
          if ((await this.#endOf(group.sent, limit, error)) === 'committed') return group.sent.outcomes;
          // Nothing of it was done: it may be done now.
          group.sent = undefined;
        }
      }
    } finally {
      limit.end();
    }
  }

  /** How a transaction ended whose commit got no answer; the server remembers it. */
  async #endOf({ transaction }: Sent, limit: TimeLimit, cause: unknown): Promise<'committed' | 'aborted'> {
    while (!limit.over) {
      const asked = this.connections.run((runner) => statusOf(runner, transaction), limit);
      const status = await asked.catch(() => undefined);
      if (status === 'committed' || status === 'aborted') return status;
      await pause(ASK_AGAIN_MS);
    }
    throw new StoreFault('unknown', cause);
  }
}

async function transact(runner: QueryRunner, group: Group): Promise<readonly WriteOutcome[]> {
  group.sent = undefined;
  try {
    await beginAlone(runner);
    const writes = group.take();
    const { numbers, transaction } = await numbersFor(runner, writes);
    const { outcomes, changes } = await decideGroup(runner.manager, writes, numbers);
    await applyChanges(runner.manager, changes);
    group.sent = { transaction, outcomes };
    await runner.query('COMMIT');
    return outcomes;
  } catch (error) {
    // The server's own refusal is an end; silence is none.
    if (group.sent !== undefined && !refused(error)) throw new NotAgain('a commit got no answer', { cause: error });
    group.sent = undefined;
    await rollBack(runner);
    throw error;
  }
}

async function numbersFor(
  runner: QueryRunner,
  writes: readonly Write<unknown>[],
): Promise<{ readonly numbers: number[]; readonly transaction: string }> {
  const most = writes.reduce((sum, { numbers }) => sum + numbers, 0);
  const above = Math.max(0, ...writes.map((write) => write.above ?? 0));
  if (above > 0)
    await runner.query(`SELECT setval('store_number', $1::bigint) FROM store_number WHERE last_value < $1::bigint`, [
      above,
    ]);
  const [row] = (await runner.query(
    `SELECT pg_current_xact_id()::text AS transaction,
            ARRAY(SELECT nextval('store_number')::text FROM generate_series(1, $1::int)) AS numbers`,
    [most],
  )) as { transaction: string; numbers: string[] }[];
  if (row === undefined) throw new StoreFault('broken');
  return { transaction: row.transaction, numbers: row.numbers.map(Number) };
}

async function statusOf(runner: QueryRunner, transaction: string): Promise<string | undefined> {
  const [row] = (await runner.query('SELECT pg_xact_status($1::text::xid8) AS status', [transaction])) as {
    status: string | null;
  }[];
  return row?.status ?? undefined;
}

/** An error the server has answered with, other than that it is going away. */
function refused(error: unknown): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && severity === 'ERROR';
}
