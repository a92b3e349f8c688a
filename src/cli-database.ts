import {
  durabilitySettings,
  memorySettings,
  readDatabaseCommand,
  runDatabaseCommand,
  type StoreSettings,
} from './memory/index.js';
import { problemLines } from './cli-configuration.js';
import { loadEnvironment } from './platform/environment.js';
import { EXIT } from './platform/exit-codes.js';
import { validateEnvironment } from './platform/validate-environment.js';

/** Runs a command on the database; only the settings of the store need to be good. The exit code of the process. */
export async function databaseCommand(args: readonly string[], root: string): Promise<number> {
  const command = readDatabaseCommand(args);
  if ('problem' in command) return refuse([`${command.problem}; try --help`], EXIT.usage);
  const { env } = loadEnvironment(root, process.env);
  const { values, problems } = validateEnvironment([memorySettings, durabilitySettings], env);
  if (problems.length > 0) return refuse(problemLines(problems), EXIT.config);
  return await runDatabaseCommand(command, values as unknown as StoreSettings);
}

function refuse(lines: readonly string[], code: number): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return code;
}
