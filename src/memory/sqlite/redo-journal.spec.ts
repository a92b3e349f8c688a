import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RedoRecord } from '../domain/redo-record.js';
import { mountSmallDisk } from './test-disk.js';
import { RedoJournal } from './redo-journal.js';

let directory: string;
const opened: RedoJournal[] = [];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'redo-')), 'not-yet', 'there');
});

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
  rmSync(directory, { recursive: true, force: true });
});

const record = (sequence: number, text = `v${sequence}`): RedoRecord => ({
  sequence,
  revision: sequence * 10,
  at: 1_700_000_000_000 + sequence,
  changes: [{ table: 'memory_item', put: { key: `k${sequence}`, value: text } }],
});

async function start(segmentBytes = 1000): Promise<RedoJournal> {
  const journal = new RedoJournal({ directory, segmentBytes });
  opened.push(journal);
  await journal.open();
  return journal;
}

async function filled(count: number, segmentBytes?: number): Promise<RedoJournal> {
  const journal = await start(segmentBytes);
  for (let n = 1; n <= count; n++) await journal.append(record(n));
  return journal;
}

async function after(journal: RedoJournal, sequence: number): Promise<number[]> {
  const found: number[] = [];
  for await (const one of journal.recordsAfter(sequence)) {
    expect(one).toEqual(record(one.sequence));
    found.push(one.sequence);
  }
  return found;
}

const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);
const segments = (): string[] => readdirSync(directory).map((name) => join(directory, name));

describe('the redo journal', () => {
  it('begins empty, and keeps what was added for the next life', async () => {
    const first = await start();
    expect(first.reach).toEqual({ last: 0, unbrokenFrom: 0, damagedEnd: false });
    for (const n of upTo(40)) await first.append(record(n));
    expect(first.reach).toEqual({ last: 40, unbrokenFrom: 1, damagedEnd: false });
    const second = await start();
    expect(second.reach).toEqual(first.reach);
    expect(second.bytes).toBe(segments().reduce((sum, path) => sum + statSync(path).size, 0));
    expect(segments().length).toBeGreaterThan(2);
    expect(await after(second, 0)).toEqual(upTo(40));
    expect(await after(second, 33)).toEqual(upTo(40, 34));
    expect(await after(second, 40)).toEqual([]);
    await second.append(record(41));
    expect(await after(await start(), 39)).toEqual([40, 41]);
  });

  it('refuses a sequence that does not grow, and work while it is not open', async () => {
    const journal = await filled(3);
    await expect(journal.append(record(3))).rejects.toThrow('follows 3');
    await journal.close();
    await expect(journal.append(record(4))).rejects.toMatchObject({ kind: 'broken' });
    expect(await after(await start(), 0)).toEqual([1, 2, 3]);
  });

  it('takes the last record back, also the first of a segment', async () => {
    const journal = await start(1);
    for (const n of upTo(3)) {
      await journal.append(record(n, 'not this'));
      await journal.withdraw();
      expect(journal.reach.last).toBe(n - 1);
      await journal.append(record(n));
    }
    await journal.append(record(4));
    await journal.withdraw();
    await expect(journal.withdraw()).rejects.toMatchObject({ kind: 'broken' });
    const again = await start();
    expect(again.reach).toEqual({ last: 3, unbrokenFrom: 1, damagedEnd: false });
    const texts: unknown[] = [];
    for await (const { changes } of again.recordsAfter(0)) texts.push(changes);
    expect(texts).toEqual(upTo(3).map((n) => record(n).changes));
  });

  it('drops an end that was never finished, wherever it was cut, and goes on behind it', async () => {
    await filled(5, 1_000_000);
    const path = segments()[0]!;
    const whole = readFileSync(path);
    const cuts = fc.integer({ min: 0, max: whole.length });
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        writeFileSync(path, whole.subarray(0, cut));
        const kept = whole.subarray(0, cut).filter((byte) => byte === 0x0a).length;
        const journal = await start(1_000_000);
        expect(journal.reach).toEqual({ last: kept, unbrokenFrom: kept === 0 ? 0 : 1, damagedEnd: false });
        await journal.append(record(kept + 1));
        expect(await after(await start(1_000_000), 0)).toEqual(upTo(kept + 1));
        for (const file of segments()) if (file !== path) unlinkSync(file);
      }),
      { numRuns: 60 },
    );
  });

  it('tells of damage and of a segment that is gone, and uses the rest', async () => {
    await filled(30, 400);
    const bytes = readFileSync(segments()[1]!);
    bytes[20]! ^= 1;
    writeFileSync(segments()[1]!, bytes);
    const journal = await start(400);
    const gone = Number(/(\d+)\.redo/.exec(segments()[1]!)![1]);
    expect(journal.reach).toEqual({ last: 30, unbrokenFrom: gone + 1, damagedEnd: false });
    expect(await after(journal, 0)).toEqual(upTo(30).filter((n) => n !== gone));
    unlinkSync(segments()[3]!);
    expect(await journal.whole()).toBe(false);
    const next = Number(/(\d+)\.redo/.exec(segments()[3]!)![1]);
    expect((await start(400)).reach).toMatchObject({ last: 30, unbrokenFrom: next });
  });

  it('begins a new segment behind a damaged end, and sets aside one with nothing good in it', async () => {
    await filled(3, 1_000_000);
    appendFileSync(segments()[0]!, 'noise\n');
    const journal = await start(1_000_000);
    expect(journal.reach).toEqual({ last: 3, unbrokenFrom: 1, damagedEnd: true });
    await journal.append(record(4));
    await journal.close();
    writeFileSync(segments()[1]!, 'noise\n');
    const again = await start(1_000_000);
    expect(again.reach.last).toBe(3);
    await again.append(record(4));
    expect(await after(await start(), 2)).toEqual([3, 4]);
    expect(segments().filter((path) => path.endsWith('.damaged'))).toHaveLength(1);
  });

  it('forgets whole segments that are not needed, and no more than it must', async () => {
    const journal = await filled(40, 400);
    const [before, bytes] = [segments().length, journal.bytes];
    await journal.forgetUpTo(40, bytes - 1);
    expect(segments()).toHaveLength(before - 1);
    await journal.forgetUpTo(20);
    const left = await after(journal, 0);
    expect(left.slice(-20)).toEqual(upTo(40, 21));
    expect(left.length).toBeLessThan(26);
    expect(journal.reach.unbrokenFrom).toBe(left[0]);
    await journal.rotate();
    await journal.forgetUpTo(40);
    expect(segments()).toEqual([]);
    expect(journal.bytes).toBe(0);
    await journal.append(record(41));
    expect((await start()).reach).toMatchObject({ last: 41, unbrokenFrom: 41 });
  });

  it('sees that its file, or all of its directory, is gone or another', async () => {
    const journal = await start(1_000_000);
    expect(await journal.fate()).toBe('same');
    await journal.append(record(1));
    expect([await journal.fate(), await journal.whole()]).toEqual(['same', true]);
    const path = segments()[0]!;
    renameSync(path, `${path}.away`);
    expect(await journal.fate()).toBe('missing');
    writeFileSync(path, readFileSync(`${path}.away`));
    expect(await journal.fate()).toBe('replaced');
    renameSync(`${path}.away`, path);
    truncateSync(path, 10);
    expect(await journal.fate()).toBe('shrunk');
    rmSync(directory, { recursive: true });
    expect([await journal.fate(), await journal.whole()]).toEqual(['missing', false]);
    expect(await journal.open()).toMatchObject({ last: 0 });
    await journal.append(record(2));
    expect(await journal.whole()).toBe(true);
  });

  it('keeps nothing of a record for which there was no room, and goes on when there is', async () => {
    const disk = mountSmallDisk(512);
    if (disk === undefined) return;
    try {
      directory = join(disk.path, 'redo');
      const journal = await start(1_000_000);
      await journal.append(record(1));
      const free = disk.fill();
      await expect(journal.append(record(2, 'x'.repeat(8192)))).rejects.toMatchObject({ kind: 'full' });
      free();
      await journal.append(record(2));
      expect(await after(await start(), 0)).toEqual([1, 2]);
      for (const one of opened.splice(0)) await one.close();
    } finally {
      disk.unmount();
    }
  });

  it('says what is wrong with the place where it should be', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'redo-'));
    writeFileSync(join(parent, 'file'), '');
    directory = join(parent, 'file', 'redo');
    await expect(start()).rejects.toMatchObject({ kind: 'missing' });
    directory = parent;
  });
});
