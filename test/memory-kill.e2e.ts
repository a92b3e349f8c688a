import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROUNDS = 5;
const WRITERS = 16;
const root = join(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'memory-kill-'));

/** What the process runs: writers in a loop that print a line for each write after it was acknowledged. */
const WRITER = `
import { systemClock } from './kernel/clock.js';
import { MetricsRegistry } from './metrics/index.js';
import { createLog } from './platform/logging.js';
import { validateEnvironment } from './platform/validate-environment.js';
import { ConversationStore } from './memory/conversation.store.js';
import { ItemStore } from './memory/item.store.js';
import { MemoryMetrics } from './memory/memory.metrics.js';
import { memorySettings } from './memory/memory.settings.js';
import { durabilitySettings } from './memory/durability.settings.js';
import { MemoryStore } from './memory/memory.store.js';
import { writeSync } from 'node:fs';

const [round, mode] = process.argv.slice(2);
const { memory: settings, durability } = validateEnvironment([memorySettings, durabilitySettings], process.env).values;
const store = new MemoryStore(settings, durability, systemClock, createLog('silent', 'json'), new MemoryMetrics(new MetricsRegistry()));
const items = new ItemStore(store, settings, systemClock);
const conversations = new ConversationStore(store, settings, systemClock);
const say = (line) => writeSync(1, line + '\\n');
await store.open();

if (mode === 'write') {
  for (let writer = 0; writer < ${WRITERS}; writer++) void (async () => {
    for (let n = 0; ; n++) {
      const key = round + '/' + writer + '/' + n;
      await items.put({ namespace: '', key }, key.repeat(1 + n % 200));
      say('item ' + key);
      const turn = { userText: 'q' + n, modelText: 'a' + n, model: 'm', usage: {} };
      await conversations.append({ namespace: '', sessionId: round + '.' + writer }, turn);
      say('turn ' + round + '.' + writer + ' ' + n);
    }
  })();
} else {
  await store.check();
  const keys = {};
  for (let before; ; ) {
    const page = await items.list('', { limit: 1000, prefix: '', ...(before === undefined ? {} : { before }) });
    for (const { key, value } of page.items) keys[key] = value.length > 0 && value.replaceAll(key, '') === '';
    if (page.next === undefined) break;
    before = page.next;
  }
  const turns = {};
  for (let r = 0; r <= Number(round); r++) for (let writer = 0; writer < ${WRITERS}; writer++) {
    const id = r + '.' + writer;
    turns[id] = (await conversations.history({ namespace: '', sessionId: id })).map(({ userText, modelText }) => [userText.slice(1), modelText.slice(1)]);
  }
  say(JSON.stringify({ keys, turns }));
  await store.close();
}
`;

/** The sources as plain JavaScript, since a process of its own cannot be started from TypeScript on every supported Node. */
beforeAll(() => {
  for (const part of ['kernel', 'platform', 'metrics', 'heal', 'memory']) {
    for (const file of readdirSync(join(root, 'src', part), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
      const { outputText } = ts.transpileModule(readFileSync(join(root, 'src', part, file), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          experimentalDecorators: true,
          emitDecoratorMetadata: true,
        },
      });
      const target = join(directory, 'src', part, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
  }
  writeFileSync(join(directory, 'src', 'writer.js'), WRITER);
  cpSync(join(root, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function run(round: number, mode: 'write' | 'read'): { child: ChildProcess; output: () => string } {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: `file:${join(directory, 'data', 'l104.db')}`,
    MEMORY_SESSION_TURNS: '10000',
  };
  const child = spawn(process.execPath, [join(directory, 'src', 'writer.js'), String(round), mode], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, output: () => output };
}

async function killedAtRandom(round: number): Promise<string[]> {
  const { child, output } = run(round, 'write');
  while (!output().includes('\n')) await pause(5);
  await pause(50 + Math.random() * 500);
  child.kill('SIGKILL');
  await once(child, 'close');
  // The last line may be cut off: then its write was not told to anybody.
  return output().split('\n').slice(0, -1);
}

it(`keeps every acknowledged write through ${ROUNDS} rounds of kill -9`, async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await killedAtRandom(round)));
    const { child, output } = run(round, 'read');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    const found = JSON.parse(output()) as { keys: Record<string, boolean>; turns: Record<string, [string, string][]> };
    expect(Object.values(found.keys).every((whole) => whole)).toBe(true);
    for (const turns of Object.values(found.turns)) expect(turns).toEqual(turns.map((_, n) => [String(n), String(n)]));
    const lost = acknowledged.filter((line) => {
      const [kind, id = '', n] = line.split(' ');
      return kind === 'item' ? found.keys[id] !== true : (found.turns[id]?.length ?? 0) <= Number(n);
    });
    expect(lost).toEqual([]);
  }
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * 10);
}, 90_000);
