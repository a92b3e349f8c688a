import {
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { Ledger } from './torture/ledger.js';
import { StoreLife } from './torture/store-life.js';

const ROUNDS = Number(process.env['TORTURE_ROUNDS'] ?? 20);
/** What is done to the store follows from it alone; when it is done does not. */
const SEED = Number(process.env['TORTURE_SEED'] ?? Date.now() % 1_000_000);
const directory = mkdtempSync(join(tmpdir(), 'torture-'));
const data = join(directory, 'data');
const database = join(data, 'l104.db');
const place = { directory, database, writers: 64 };

const living: StoreLife[] = [];

afterAll(async () => {
  for (const life of living) await life.kill();
  rmSync(directory, { recursive: true, force: true });
});

let state = SEED;

/** A whole number below another, from a seeded generator (mulberry32). */
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
}

const backups = (): string[] =>
  readdirSync(join(data, 'l104-backups'))
    .filter((name) => name.endsWith('.db'))
    .sort()
    .map((name) => join(data, 'l104-backups', name));

/** Puts noise over some pages of a file, the first spared. */
function spoil(path: string, pages: number): void {
  const count = Math.floor(statSync(path).size / 4096);
  const handle = openSync(path, 'r+');
  for (let n = 0; n < pages && count > 1; n++) {
    writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, 4096 * (1 + random(count - 1)));
  }
}

/** Removes a directory in one step: file by file a living store would be at its repair in between. */
function takeAway(path: string): void {
  const away = mkdtempSync(join(directory, 'away-'));
  renameSync(path, join(away, 'it'));
  rmSync(away, { recursive: true });
}

/** What is done to a store after it was killed. */
const DEAD: Record<string, () => void> = {
  nothing: () => undefined,
  'random pages are noise': () => {
    spoil(database, 5);
  },
  'the file is cut': () => {
    truncateSync(database, random(statSync(database).size));
  },
  'the file is empty': () => {
    truncateSync(database, 0);
  },
  'the file is no database': () => {
    writeFileSync(database, 'x'.repeat(random(100_000)));
  },
  'the file is gone': () => {
    rmSync(database);
  },
  'the log is gone': () => {
    rmSync(`${database}-wal`, { force: true });
  },
  'file and log are gone': () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  },
  'file and newest backup are noise': () => {
    spoil(database, 50);
    const all = backups();
    if (all.length > 1) spoil(all.at(-1) ?? '', 500);
  },
};

/** What is done to a store that is being written to. */
const ALIVE: Record<string, (life: StoreLife) => void | Promise<void>> = {
  nothing: () => undefined,
  'the file is removed': () => {
    rmSync(database);
  },
  'another file is in its place': () => {
    writeFileSync(join(directory, 'other'), 'x'.repeat(random(100_000)));
    renameSync(join(directory, 'other'), database);
  },
  'the file is cut': () => {
    truncateSync(database, random(statSync(database).size));
  },
  'random pages are noise': () => {
    spoil(database, 5);
  },
  'the log is removed': () => {
    rmSync(`${database}-wal`);
  },
  'the redo journal is removed': async (life) => {
    takeAway(join(data, 'l104-redo'));
    await life.writesMore(100);
  },
  'the whole directory is removed': async (life) => {
    const before = life.lines().length;
    takeAway(data);
    // What was acknowledged before is nowhere but in the process, until it has written it anew.
    await life.until('a new file', (lines) => lines.slice(before).some((line) => line.includes('memory_ready')));
    await life.writesMore(100);
  },
};

const [dead, alive] = [Object.keys(DEAD), Object.keys(ALIVE)];

/** The faults of a round: one while it lives in each second, one after its death in each fourth, and nothing at all. */
function faultsOf(round: number): [string, string] {
  if (round % 4 === 3) return ['nothing', 'nothing'];
  if (round % 2 === 0) return [alive[1 + ((round / 2) % (alive.length - 1))] ?? '', 'nothing'];
  return ['nothing', dead[1 + (((round - 1) / 4) % (dead.length - 1))] ?? ''];
}

/** A start that is cut off: in the middle of a repair, or of anything else that comes first. */
async function interruptedStart(number: number, ledger: Ledger): Promise<void> {
  const life = new StoreLife(number, place);
  living.push(life);
  await pause(300 + random(900));
  await life.kill();
  ledger.note(life.lines());
}

async function torture(): Promise<void> {
  const ledger = new Ledger();
  const told: string[] = [];
  let harmed = false;
  for (let round = 0, number = 0; round <= ROUNDS; round++, number++) {
    const life = new StoreLife(number, place);
    living.push(life);
    const begun = performance.now();
    const faults = ledger.faults(await life.found());
    told.push(`found after ${Math.round(performance.now() - begun)} ms`);
    const repairs = life.lines().filter((line) => line.includes('memory_repaired'));
    expect({ told, faults: faults.slice(0, 20), of: faults.length }, repairs.join('\n')).toMatchObject({ of: 0 });
    await life.writesMore(50 + random(200));
    const [now, then] = faultsOf(round);
    await ALIVE[now]?.(life);
    await pause(random(200));
    await life.kill();
    ledger.note(life.lines());
    // What the store does to its own files alarms it never.
    const alarms = life.lines().filter((line) => line.includes('memory_unusable'));
    if (!harmed && now === 'nothing') expect({ told, alarms }).toMatchObject({ alarms: [] });
    harmed = then !== 'nothing';
    DEAD[then]?.();
    told.push(`${round}: ${now} / ${then}`);
    if (harmed && random(3) === 0) await interruptedStart(++number, ledger);
  }
  expect(ledger.size).toBeGreaterThan(ROUNDS * 100);
}

const title = `keeps every acknowledged write of 64 writers through ${ROUNDS} rounds of kill -9 and worse (seed ${SEED})`;
it(title, torture, 60_000 + ROUNDS * 8000);
