import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import {
  durabilitySettings,
  memorySettings,
  readDatabaseCommand,
  runDatabaseCommand,
  type StoreSettings,
} from '../../src/memory/index.js';
import { startStore, type TestStore } from '../../src/memory/test-store.js';
import { validateEnvironment } from '../../src/platform/validate-environment.js';

const ITEMS = 1500;
const SESSIONS = 20;

/** What a command printed, and the code it would end its process with. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const stores: TestStore[] = [];

/** Opens a store as a node does. */
export const open = (url: string): TestStore => {
  const started = startStore({ DATABASE_URL: url, MEMORY_QUEUE_LIMIT: '10000' });
  stores.push(started);
  return started;
};

/** Closes every store that was opened. */
export const closeAll = async (): Promise<void> => {
  for (const { store } of stores.splice(0)) await store.close();
};

/** Runs a command in this process, which takes far less time than in one of its own. */
export async function run(url: string, ...args: string[]): Promise<CommandResult> {
  const { values, problems } = validateEnvironment([memorySettings, durabilitySettings], { DATABASE_URL: url });
  expect(problems).toEqual([]);
  const output = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      output[name] += String(text);
      return true;
    }),
  );
  try {
    const command = readDatabaseCommand(args);
    if ('problem' in command) throw new Error(command.problem);
    return { code: await runDatabaseCommand(command, values as unknown as StoreSettings), ...output };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What is stored: every line of an export but the first. */
export async function content(url: string): Promise<string[]> {
  const path = join(mkdtempSync(join(tmpdir(), 'content-')), 'data.jsonl');
  expect((await run(url, 'db:export', path)).code).toBe(0);
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
}

/** Stores items with all kinds of keys, and conversations. */
export async function fill(url: string): Promise<void> {
  const { items, allItems, conversations, store } = open(url);
  const nasty = ['é', '😀', '\u2028', ' "\\\n', 'a/b', '__proto__', 'Z', 'a', 'B'];
  await Promise.all(
    [...nasty, ...Array.from({ length: ITEMS }, (_, n) => `k${n}`)].map((key) => items.put(key, `v ${key}`)),
  );
  await allItems.put({ namespace: 'client', key: 'k1' }, 'x'.repeat(90_000));
  for (let n = 0; n < 5; n++) await items.delete(`k${n * 3}`);
  const turn = { userText: 'q\0\uD800', modelText: 'ä'.repeat(50), model: 'm', usage: { total: 3 } };
  for (let n = 0; n < SESSIONS; n++) {
    const session = { namespace: '', sessionId: `s${n}` };
    for (let t = 0; t <= n % 4; t++) await conversations.append(session, turn, t === 0 ? `request ${n}` : undefined);
  }
  // Ids that read as numbers are none.
  for (const id of ['0123456789abcdef', '9876543210987654'])
    await store.write({
      needs: [],
      numbers: 0,
      bytes: 0,
      decide: (view) => {
        view.put('journal_entry', { id, number: 1_796_000_000_000, kind: 'heal_run', body: '{"status":"OK"}' });
      },
    });
  await store.close();
}
