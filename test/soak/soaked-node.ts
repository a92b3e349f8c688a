import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Household } from '../../bench/processes/household.js';
import { answering, freePort } from '../../bench/processes/ports.js';
import { CLEAN_ENVIRONMENT, nextMessage } from '../../bench/processes/worker.js';
import { FALLBACK, PRIMARY } from '../scenarios/scenario.js';

/** The built node, seen from dist/scenarios/test/soak. */
const BUILT_NODE = fileURLToPath(new URL('../../../main.js', import.meta.url));
const PROBE = new URL('./memory-probe.js', import.meta.url);
const NAME = 'the soaked node';
/** A collection of a large heap takes well under this, ms. */
const ANSWER_MS = 30_000;

/** The built node in a process of its own. */
export interface SoakedNode {
  readonly url: string;
  readonly pid: number;
  /** Its memory after a collection, bytes. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** The sum of a metric over its labels; undefined when there is none. */
  metric(name: string): Promise<number | undefined>;
  /** The lines of its log that have this request id in them. */
  trace(requestId: string): readonly string[];
  /** Status of `/health/live`. */
  live(): Promise<number>;
  /** Ends it as a supervisor would; resolves with its exit code, or the signal that ended it. */
  end(): Promise<number | string | null>;
}

/** As in production, with limits short enough for every trouble to be over within the call. */
function settings(port: number, upstream: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: String(port),
    GEMINI_UPSTREAM: 'gemini',
    GEMINI_BASE_URL: upstream,
    // Four projects: one that rests is not the end of all calls.
    GEMINI_API_KEY: 'a:soak-key-1,b:soak-key-2,c:soak-key-3,d:soak-key-4',
    GEMINI_FALLBACK_MODELS: `${PRIMARY}>${FALLBACK}`,
    DEFAULT_MODEL: PRIMARY,
    TTFT_TIMEOUT_MS: '3s',
    STREAM_IDLE_TIMEOUT_MS: '2s',
    FIRST_TOKEN_BESIDE_MS: '1s',
    CIRCUIT_BREAKER_TIMEOUT: '5s',
    REQUEST_DEADLINE_MS: '20s',
    LOG_FORMAT: 'json',
    SHUTDOWN_DELAY_SECONDS: '0',
    // All the load comes from one address.
    RATE_LIMIT_REQUESTS: '10000000',
  };
}

/** Starts the built node in front of an upstream; `more` are settings that differ from those of the soak. */
export async function startSoakedNode(
  household: Household,
  upstream: string,
  more: Readonly<Record<string, string>> = {},
): Promise<SoakedNode> {
  if (!existsSync(BUILT_NODE)) throw new Error(`${BUILT_NODE} does not exist: build the node first`);
  const port = await freePort();
  const logFile = join(household.folder, 'node.log');
  const log = openSync(logFile, 'w');
  const child: ChildProcess = household.adopt(
    NAME,
    spawn(process.execPath, ['--expose-gc', '--import', PROBE.href, BUILT_NODE], {
      env: {
        ...CLEAN_ENVIRONMENT,
        ...settings(port, upstream),
        ...more,
        DATABASE_URL: `file:${join(household.folder, 'l104.db')}`,
        LIFE_FILE: join(household.folder, 'life.jsonl'),
      },
      stdio: ['ignore', log, 'inherit', 'ipc'],
    }),
  );
  await answering(child, NAME, port, '/health/live');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid ?? 0,
    memory: () => {
      const answer = nextMessage<NodeJS.MemoryUsage>(child, NAME, ANSWER_MS);
      child.send('memory');
      return answer;
    },
    metric: async (name) => sumOf(await (await fetch(`${url}/metrics/prometheus`)).text(), name),
    trace: (requestId) => {
      const lines = readFileSync(logFile, 'utf8').split('\n');
      return requestId === '' ? [] : lines.filter((line) => line.includes(requestId));
    },
    live: async () => (await fetch(`${url}/health/live`)).status,
    end: async () => {
      await household.end(child);
      return child.exitCode ?? child.signalCode;
    },
  };
}

function sumOf(exposition: string, name: string): number | undefined {
  const values = exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
