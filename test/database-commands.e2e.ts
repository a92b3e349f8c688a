import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDatabaseCommand } from '../src/memory/index.js';
import { MIGRATIONS } from '../src/memory/migrations/migrations.js';
import { newDatabase, runStatement, testedKinds } from '../src/memory/test-databases.js';
import { closeAll, type CommandResult, open, run } from './support/database-commands.js';
import { runNode } from './support/process.js';

const kinds = testedKinds('database commands on a server');
const RAN_ALL = new RegExp(`ran CreateMemory.*\\n(.*\\n)+.*${MIGRATIONS.length} migrations ran`);
let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'commands-'));
  file = join(directory, 'data.jsonl');
});
afterEach(closeAll);

describe('the commands', () => {
  const asProcess = async (url: string, ...args: string[]): Promise<CommandResult> => {
    const node = runNode(args, { DATABASE_URL: url });
    return { code: Number(await node.ended), ...node.output };
  };

  it('end with the code that says why', async () => {
    const url = await newDatabase('SQLite');
    const unreached = 'postgres://u:hunter2@127.0.0.1:9/db';
    const results = await Promise.all([
      asProcess(url, 'db:drop'),
      asProcess('postgres://u:hunter2@host/db?sslmode=prefer', 'db:check'),
      asProcess(unreached, 'db:export'),
    ]);
    expect(results.map(({ code }) => code)).toEqual([64, 78, 69]);
    expect(results[2]).toMatchObject({ stdout: '', stderr: expect.stringContaining('does not answer') as unknown });
    expect(JSON.stringify(results)).not.toContain('hunter2');
  });

  it('write an export to standard output, and nothing else', async () => {
    const url = await newDatabase('SQLite');
    await open(url).items.put('a', '1');
    await closeAll();
    const { code, stdout } = await asProcess(url, 'db:export');
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { format: 'l104-export', counts: { memory_item: 1 } },
      { table: 'memory_item', row: { key: 'a', value: '1' } },
      { end: true, rows: 1 },
    ]);
  });

  it('refuse what is no export and what is not there', async () => {
    const url = await newDatabase('SQLite');
    expect((await run(url, 'db:export')).code).toBe(69);
    writeFileSync(file, 'no export\n');
    expect((await run(url, 'db:import', file)).code).toBe(74);
    expect((await run(url, 'db:import', join(directory, 'missing'))).code).toBe(74);
  });

  it.each([['db:drop'], ['db:import'], ['db:check', 'file'], ['db:export', '--resume'], ['db:import', 'a', 'b']])(
    'are not %s',
    (...args) => {
      expect(readDatabaseCommand(args)).toHaveProperty('problem');
    },
  );

  it.each(kinds)('show which migrations ran: %s', async (kind) => {
    const url = await newDatabase(kind);
    const first = await run(url, 'db:migrate');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(RAN_ALL) as unknown,
    });
    expect((await run(url, 'db:migrate')).stdout).toContain(' 0 migrations ran');
    const { stdout } = await run(url, 'db:check', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, missing: [], rows: { memory_item: 0 } });
  });

  it.each(kinds)('find a row that is not what was stored: %s', async (kind) => {
    const url = await newDatabase(kind);
    const { items, store } = open(url);
    await items.put('a', 'good');
    await store.close();
    await runStatement(url, `UPDATE memory_item SET value = 'evil'`);
    expect((await run(url, 'db:check')).code).toBe(0);
    expect((await run(url, 'db:check', '--deep')).code).toBe(74);
  });
});
