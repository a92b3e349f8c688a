import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.js';
import { startLine } from './domain/life-log.js';
import { birthOf } from './life-file.js';
import { Lives } from './lives.js';

const HEALED = { code: 75, kind: 'healed', cause: 'local_overload', reason: 'the loop was slow' } as const;

let path: string;
let clock: ManualClock;
const cleanUp: (() => unknown)[] = [];

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'l104-')), 'made', 'life.jsonl');
  clock = new ManualClock();
});
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

function live(): Lives {
  const life = new Lives(path, clock);
  life.begin();
  return life;
}

/** Another process that runs until the test is over. */
function neighbour(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  cleanUp.push(() => child.kill('SIGKILL'));
  return child.pid!;
}

function append(pid: number, id: string, birth = birthOf(pid)): void {
  appendFileSync(path, startLine({ id, pid, birth, startedAt: clock.wall(), version: '0' }));
}

describe('lives', () => {
  it('knows nothing at first, and then how the last one ended', () => {
    const first = live();
    expect(first.last).toBeUndefined();
    expect(first.canRemember).toBe(true);
    first.end(HEALED);
    first.end({ ...HEALED, kind: 'drained', code: 0 });
    const second = live();
    expect(second.last).toMatchObject({ id: first.id, pid: process.pid, end: { ...HEALED, endedAt: clock.wall() } });
    expect(second.restartsWithin(60_000)).toBe(1);
    clock.advance(60_001);
    expect(second.restartsWithin(60_000)).toBe(0);
  });

  it('takes a life whose end nobody wrote and whose process is gone for killed, and notes that once', async () => {
    mkdirSync(join(path, '..'));
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid!;
    const birth = birthOf(pid);
    await once(child, 'exit');
    append(pid, 'gone', birth);
    const next = live();
    expect(next.last).toMatchObject({ id: 'gone', end: { kind: 'killed', code: undefined } });
    expect(next.restartsWithin(60_000)).toBe(0);
    next.end(HEALED);
    expect(live().last?.id).toBe(next.id);
    expect(readFileSync(path, 'utf8').match(/"killed"/g)).toHaveLength(1);
  });

  it('does not count a process that runs, but one whose pid is somebody else’s by now', () => {
    mkdirSync(join(path, '..'));
    const pid = neighbour();
    append(pid, 'sibling');
    expect(live().last).toBeUndefined();
    append(pid, 'earlier', '1');
    // In a container every life has the same pid.
    append(process.pid, 'own', '1');
    expect(live().last?.id).toBe('own');
    expect(readFileSync(path, 'utf8').match(/"killed"/g)).toHaveLength(2);
  });

  it('goes on where the log cannot be written, and says so', () => {
    path = join('/dev/null', 'life.jsonl');
    const life = live();
    expect(life.canRemember).toBe(false);
    expect(life.problem).toBeInstanceOf(Error);
    life.end(HEALED);
    expect(life.restartsWithin(60_000)).toBe(0);
  });

  it('reads past what a crash or somebody else has left in the file', () => {
    mkdirSync(join(path, '..'));
    writeFileSync(path, '\0\0\0{"life":"half');
    const life = live();
    life.end(HEALED);
    expect(live().last?.id).toBe(life.id);
  });

  it('keeps some dozens of lives, not all', () => {
    for (let i = 0; i < 130; i++) {
      live().end(HEALED);
      clock.advance(1000);
    }
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    expect(lines.length).toBeLessThan(230);
    expect(live().restartsWithin(45_500)).toBe(45);
  });

  it('without a file remembers nothing', () => {
    const life = new Lives(undefined);
    life.begin();
    life.end(HEALED);
    expect(life.canRemember).toBe(false);
    expect(life.problem).toBeUndefined();
  });
});
