import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The merged environment and the files it was read from, lowest precedence first. */
export interface LoadedEnvironment {
  readonly env: Environment;
  readonly files: readonly string[];
}

/**
 * Merges `config/default.env`, `config/<NODE_ENV>.env`, a root `.env` and the
 * process environment, last wins; NODE_ENV itself comes from the process or the root `.env`.
 */
export function loadEnvironment(root: string, processEnv: Environment): LoadedEnvironment {
  const rootFile = readEnvFile(join(root, '.env'));
  const nodeEnv = processEnv['NODE_ENV'] ?? rootFile?.['NODE_ENV'] ?? 'development';
  const names = ['config/default.env', ...(/^[\w-]+$/.test(nodeEnv) ? [`config/${nodeEnv}.env`] : []), '.env'];
  const merged: Record<string, string | undefined> = {};
  const files: string[] = [];
  for (const name of names) {
    const values = readEnvFile(join(root, name));
    if (values === undefined) continue;
    files.push(name);
    Object.assign(merged, values);
  }
  return { env: { ...merged, ...processEnv, NODE_ENV: nodeEnv }, files };
}

function readEnvFile(path: string): Record<string, string | undefined> | undefined {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : undefined;
}
