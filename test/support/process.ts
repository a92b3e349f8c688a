import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './boot.js';

/** A node as its users run it: `node dist/main.js` in a process of its own. */
export interface NodeProcess {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** A module that the process loads first, from `hooks/`; it lets a test break the process from within. */
export type Hook = 'bugs' | 'collect' | 'leak' | 'stall';

/** Starts the built node; settings of the machine it runs on are not passed on. */
export function runNode(args: readonly string[] = [], env: Record<string, string> = {}, hook?: Hook): NodeProcess {
  const { PATH = '' } = process.env;
  const data = mkdtempSync(join(tmpdir(), 'l104-'));
  const first = hook === undefined ? [] : ['--import', new URL(`hooks/${hook}.mjs`, import.meta.url).href];
  const child = spawn(process.execPath, [...first, join(ROOT, 'dist/main.js'), ...args], {
    env: { PATH, NODE_ENV: 'test', ...ownFiles(data), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, output, ended };
}

/** Settings that keep what a node writes in a folder of its own. */
function ownFiles(folder: string): Record<string, string> {
  return { DATABASE_URL: `file:${join(folder, 'l104.db')}`, LIFE_FILE: join(folder, 'life.jsonl') };
}

/** Waits until the node says where it serves, and returns that address. */
export async function served({ output, ended }: NodeProcess): Promise<string> {
  const state: { over: boolean } = { over: false };
  void ended.then(() => (state.over = true));
  for (;;) {
    const url = /"msg":"serving on (http:[^"]+)"/.exec(output.stdout)?.[1];
    if (url !== undefined) return url;
    if (state.over) throw new Error(`the node ended: ${output.stderr}${output.stdout}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
