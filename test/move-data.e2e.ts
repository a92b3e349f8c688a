import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newDatabase, runStatement, testedKinds } from '../src/memory/test-databases.js';
import { ROOT } from './support/boot.js';
import { closeAll, content, fill, open, run } from './support/database-commands.js';

const kinds = testedKinds('moving data to and from a server');
const ways = kinds.flatMap((from) => kinds.map((to) => [from, to] as const)).slice(kinds.length - 1);

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'move-'));
  file = join(directory, 'data.jsonl');
});
afterEach(closeAll);

describe.each(ways)('from %s to %s', (from, to) => {
  let source: string;
  beforeAll(async () => {
    source = await newDatabase(from);
    await fill(source);
  });

  it('moves everything as it is, once, and gives numbers above those that came', async () => {
    expect(await run(source, 'db:export', file)).toMatchObject({ code: 0, stdout: '' });
    const target = await newDatabase(to);
    expect(await run(target, 'db:import', file)).toMatchObject({ code: 0 });
    const [before, after] = [await content(source), await content(target)];
    expect(after).toEqual(before);
    const again = await run(target, 'db:import', file);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('already') as unknown });
    expect((await run(target, 'db:check', '--deep')).code).toBe(0);
    const { items, conversations } = open(target);
    const revisions = before.flatMap((line) => /"(?:revision|id)":(\d+)/.exec(line)?.slice(1).map(Number) ?? []);
    expect(await items.put('new', 'v')).toBeGreaterThan(Math.max(...revisions));
    expect((await items.list({ limit: 1, prefix: '' })).items).toMatchObject([{ key: 'new' }]);
    expect(await conversations.turnOf({ namespace: '', sessionId: 's3' }, 'request 3')).toMatchObject({ model: 'm' });
  });

  it('goes on where an import was killed', async () => {
    await run(source, 'db:export', file);
    const target = await newDatabase(to);
    const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: target };
    const child = spawn(process.execPath, [join(ROOT, 'dist/main.js'), 'db:import', '-'], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    const lines = readFileSync(file, 'utf8').split('\n');
    child.stdin.write(`${lines.slice(0, 1200).join('\n')}\n`);
    const point = async (): Promise<number> => {
      const rows = await runStatement<{ value: string }>(
        target,
        `SELECT value FROM node_state WHERE name = 'db_import'`,
      );
      return (JSON.parse(rows[0]?.value ?? '{"line":0}') as { line: number }).line;
    };
    await expect.poll(() => point().catch(() => 0), { timeout: 20_000 }).toBeGreaterThan(500);
    child.kill('SIGKILL');
    await once(child, 'close');
    const done = await point();
    expect(done).toBeLessThan(lines.length - 2);
    expect((await run(target, 'db:import', file, '--resume')).code).toBe(0);
    expect(await content(target)).toEqual(await content(source));
  });
});

describe('an export', () => {
  let source: string;
  beforeAll(async () => {
    source = await newDatabase('SQLite');
    await fill(source);
  });

  it('is gone on with after its last whole line, while a node writes', async () => {
    const { items } = open(source);
    expect((await run(source, 'db:export', file)).code).toBe(0);
    const whole = readFileSync(file, 'utf8');
    for (const kept of [whole.length - 3, Math.floor(whole.length / 2), whole.indexOf('\n') + 5]) {
      truncateSync(file, kept);
      expect((await run(source, 'db:export', file)).code).toBe(64);
      expect((await run(source, 'db:export', file, '--resume')).code).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(whole);
    }
    expect(await run(source, 'db:export', file, '--resume')).toMatchObject({ code: 0 });
    await items.put('k1', 'v k1');
    expect((await run(source, 'db:check')).code).toBe(0);
  });

  it('that is damaged or cut is refused by the number of the line, or taken without it', async () => {
    await run(source, 'db:export', file);
    const lines = readFileSync(file, 'utf8').split('\n');
    const bad = [...lines];
    bad[4] = (bad[4] ?? '').replace('"v ', '"w ');
    writeFileSync(file, bad.join('\n'));
    const target = await newDatabase('SQLite');
    expect(await run(target, 'db:import', file)).toMatchObject({
      code: 74,
      stderr: expect.stringContaining('line 5') as unknown,
    });
    expect(await run(target, 'db:import', file, '--skip-bad')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 bad') as unknown,
    });
    expect(await content(target)).toHaveLength((await content(source)).length - 1);
    writeFileSync(file, lines.slice(0, 700).join('\n'));
    const other = await newDatabase('SQLite');
    expect(await run(other, 'db:import', file)).toMatchObject({
      code: 74,
      stderr: expect.stringContaining('ends early') as unknown,
    });
    appendFileSync(file, `\n${lines.slice(700).join('\n')}`);
    expect((await run(other, 'db:import', file, '--resume')).code).toBe(0);
    expect(await content(other)).toEqual(await content(source));
  });

  it('goes only where nothing else is, and where no node is at work', async () => {
    await run(source, 'db:export', file);
    const target = await newDatabase('SQLite');
    const { items, store } = open(target);
    await items.put('mine', 'v');
    expect(await run(target, 'db:import', file)).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('another node') as unknown,
    });
    await store.close();
    expect(await run(target, 'db:import', file)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('of its own') as unknown,
    });
  });
});
