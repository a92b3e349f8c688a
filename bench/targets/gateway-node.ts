import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Household } from '../processes/household.js';
import { answering, freePort } from '../processes/ports.js';
import { CLEAN_ENVIRONMENT } from '../processes/worker.js';
import { type Target } from './target.js';

/** The built node of this working tree. */
export const BUILT_NODE = fileURLToPath(new URL('../../main.js', import.meta.url));

/** Which node is started, and how. */
export interface NodeStart {
  readonly name: string;
  /** Path of its `main.js`. */
  readonly main: string;
  /** Options for the Node process itself. */
  readonly execArgv?: readonly string[];
  /** Variables beside its settings. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A node as it runs in production: a key of its own, log lines to a file, nothing switched off. */
export async function startNode(
  household: Household,
  upstreamPort: number,
  { name, main, execArgv = [], environment = {} }: NodeStart,
): Promise<Target & { readonly child: ChildProcess }> {
  if (!existsSync(main)) throw new Error(`${main} does not exist: build the node first`);
  const port = await freePort();
  const files = join(household.folder, `node-${port}`);
  const log = openSync(`${files}.log`, 'w');
  const child = household.adopt(
    name,
    spawn(process.execPath, [...execArgv, main], {
      env: { ...CLEAN_ENVIRONMENT, ...settings(port, upstreamPort), ...filesOf(files), ...environment },
      stdio: ['ignore', log, 'inherit'],
    }),
  );
  await answering(child, name, port, '/health/live');
  return { name, port, pid: child.pid, child };
}

function filesOf(stem: string): Record<string, string> {
  return { DATABASE_URL: `file:${stem}.db`, LIFE_FILE: `${stem}.life.jsonl` };
}

function settings(port: number, upstreamPort: number): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: `http://127.0.0.1:${upstreamPort}`,
    GEMINI_API_KEY: 'bench-key-of-the-node',
    // The load comes from one address.
    RATE_LIMIT_REQUESTS: '10000000',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
    SHUTDOWN_DELAY_SECONDS: '0',
  };
}
