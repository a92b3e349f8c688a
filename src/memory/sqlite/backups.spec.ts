import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Backups } from './backups.js';
import { connected } from './connection.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

let parent: string;
let directory: string;
let backups: Backups;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'backups-'));
  directory = join(parent, 'l104-backups');
  backups = new Backups(directory);
});

afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

const database = (sequence: number) => async (path: string) => {
  await connected(path, 'create', (connection) =>
    connection.run(
      `CREATE TABLE store_mark (id integer PRIMARY KEY, sequence integer, revision integer);
      INSERT INTO store_mark VALUES (1, ${sequence}, ${sequence * 10});
      CREATE TABLE conversation_turn (content text, checksum integer);
      CREATE TABLE memory_item (value text, checksum integer);
      INSERT INTO memory_item SELECT hex(zeroblob(2000)), NULL FROM generate_series(1, 50)`.replace(
        'generate_series(1, 50)',
        '(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT i FROM n)',
      ),
    ),
  );
};
const files = (): string[] => readdirSync(directory).sort();

describe('backups', () => {
  it('are verified before they have a name', async () => {
    const made = await backups.make(database(7), NOW);
    expect(made).toMatchObject({ name: '20260102T030405Z-0000000000000007.db', mark: { sequence: 7, revision: 70 } });
    expect(files()).toEqual([made.name]);
    expect(await backups.newestGood()).toEqual(made);
    const cut = async (path: string): Promise<void> => {
      await database(8)(path);
      truncateSync(path, 40_960);
    };
    await expect(backups.make(cut, NOW)).rejects.toMatchObject({ kind: 'corrupt' });
    const noise = (path: string): Promise<void> => writeFile(path, 'no');
    await expect(backups.make(noise, NOW)).rejects.toMatchObject({ kind: 'not_a_database' });
    const rotten = async (path: string): Promise<void> => {
      await database(8)(path);
      await connected(path, 'write', (connection) =>
        connection.run('UPDATE memory_item SET checksum = 1 WHERE rowid = 9'),
      );
    };
    await expect(backups.make(rotten, NOW)).rejects.toMatchObject({ kind: 'corrupt' });
    expect(files()).toEqual([made.name]);
  });

  it('that have turned bad are renamed and passed over', async () => {
    const names: string[] = [];
    for (const n of [1, 2, 3]) names.push((await backups.make(database(n), NOW + n * 1000)).name);
    truncateSync(join(directory, names[2]!), 40_960);
    writeFileSync(join(directory, names[1]!), '');
    expect(await backups.newestGood()).toMatchObject({ name: names[0], mark: { sequence: 1 } });
    expect(files()).toEqual([names[0], `${names[1]}.bad`, `${names[2]}.bad`]);
    expect(await backups.bad()).toEqual([names[2], names[1]].map((name) => join(directory, `${name}.bad`)));
  });

  it('go by count and age, and what a crash left half made goes too', async () => {
    for (const n of [1, 2, 3, 4]) await backups.make(database(n), NOW + n * DAY);
    writeFileSync(join(directory, 'making'), 'half');
    writeFileSync(join(directory, 'note.txt'), 'by hand');
    await backups.prune({ count: 3, ageMs: 10 * DAY }, NOW + 5 * DAY);
    expect((await backups.list()).map(({ sequence }) => sequence)).toEqual([4, 3, 2]);
    await backups.prune({ count: 3, ageMs: DAY }, NOW + 99 * DAY);
    expect((await backups.list()).map(({ sequence }) => sequence)).toEqual([4]);
    expect(files()).toContain('note.txt');
    expect(files()).toHaveLength(2);
  });

  it('there are none where there is no directory', async () => {
    expect(await backups.newestGood()).toBeUndefined();
    expect(await backups.bad()).toEqual([]);
  });
});
