import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock } from './directory-lock.js';

let directory: string;
let path: string;
let child: ChildProcess | undefined;
const locks: DirectoryLock[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(directory, 'data', 'l104.db.lock');
});

afterEach(async () => {
  child?.kill('SIGKILL');
  for (const lock of locks.splice(0)) await lock.release();
  rmSync(directory, { recursive: true, force: true });
});

function lock(): DirectoryLock {
  const made = new DirectoryLock(path);
  locks.push(made);
  return made;
}

/** A process that holds the lock as a node does, and says so. */
async function holder(): Promise<ChildProcess> {
  const driver = createRequire(import.meta.url).resolve('sqlite3');
  const script = `
    const db = new (require(${JSON.stringify(driver)}).Database)(${JSON.stringify(path)});
    db.exec('BEGIN EXCLUSIVE', (error) => console.log(error === null ? 'held' : error.code));
    setInterval(() => {}, 1000);`;
  const started = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(started.stdout, 'data')) as [Buffer];
  expect(line.toString()).toBe('held\n');
  return started;
}

describe('the lock of a directory', () => {
  it('lets one in at a time, also within one process, and says who is in', async () => {
    const [first, second] = [lock(), lock()];
    await first.acquire();
    await first.acquire();
    await expect(second.acquire()).rejects.toMatchObject({ kind: 'held' });
    await expect(second.acquire()).rejects.toThrow(`(process ${process.pid})`);
    expect([await first.stillHeld(), await second.stillHeld()]).toEqual([true, false]);
    await first.release();
    await second.acquire();
    await expect(first.acquire()).rejects.toMatchObject({ kind: 'held' });
  });

  it('is freed by the death of its holder, however it dies', async () => {
    const made = lock();
    await made.acquire();
    await made.release();
    child = await holder();
    await expect(made.acquire()).rejects.toMatchObject({ kind: 'held' });
    child.kill('SIGKILL');
    await once(child, 'close');
    await made.acquire();
    expect(await made.stillHeld()).toBe(true);
  });

  it('knows when its file was removed, and takes the new one only if nobody has it', async () => {
    const [first, second] = [lock(), lock()];
    await first.acquire();
    rmSync(directory, { recursive: true });
    expect(await first.stillHeld()).toBe(false);
    await first.acquire();
    expect(await first.stillHeld()).toBe(true);
    rmSync(path);
    await second.acquire();
    await expect(first.acquire()).rejects.toMatchObject({ kind: 'held' });
    expect([await first.stillHeld(), await second.stillHeld()]).toEqual([false, true]);
  });
});
