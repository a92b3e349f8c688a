import { fileURLToPath } from 'node:url';
import { configure } from '../../src/configuration.js';
import { newDatabase } from '../../src/memory/test-databases.js';
import { Lives } from '../../src/platform/lives.js';
import { createLog } from '../../src/platform/logging.js';
import { type RunningSimulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.js';
import { type RunningNode, type StartParts, startNode } from '../../src/start-node.js';

/** Folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A node and the simulator it talks to, which a test can watch and break. */
export interface Stage {
  readonly node: RunningNode;
  readonly simulator: RunningSimulator;
  /** Log lines so far, parsed. */
  readonly log: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Settings that make a node quick to leave and quiet to run. */
export const TEST_ENV = {
  NODE_ENV: 'test',
  PORT: '0',
  LOG_LEVEL: 'info',
  SHUTDOWN_DELAY_SECONDS: '0s',
  SHUTDOWN_GRACE_SECONDS: '1s',
} as const;

/** Boots a node inside the test, against an upstream given by the environment. */
export async function bootNode(
  env: Record<string, string> = {},
  parts: StartParts = {},
): Promise<Pick<Stage, 'node' | 'log'>> {
  const store = env['DATABASE_URL'] ?? (await newDatabase());
  const configuration = configure(ROOT, { ...TEST_ENV, ...env, DATABASE_URL: store });
  if (configuration.problems.length > 0) throw new Error(configuration.problems.join('\n'));
  const log: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => {
      log.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  const lives = env['LIFE_FILE'] === undefined ? undefined : new Lives(env['LIFE_FILE']);
  lives?.begin();
  const told = createLog(configuration.platform.logLevel, 'json', destination);
  const node = await startNode(configuration, told, { ...(lives === undefined ? {} : { lives }), ...parts });
  return { node, log };
}

/** Boots a simulator of its own and a node in front of it that serves clients with the keys they bring. */
export async function setStage(
  env: Record<string, string> = {},
  options: SimulatorOptions = {},
  parts: StartParts = {},
): Promise<Stage> {
  const simulator = await startSimulator({ wordDelayMs: 0, ...options });
  const { node, log } = await bootNode({ GEMINI_UPSTREAM: 'gemini', GEMINI_BASE_URL: simulator.url, ...env }, parts);
  const close = async (): Promise<void> => {
    await node.drain();
    await simulator.close();
  };
  return { node, simulator, log, close };
}
