import { VERSION } from './platform/version.js';

/** Text of `--help`. */
export const HELP = `L104 Node ${VERSION}: a self-healing gateway in front of the Gemini API

Usage: node dist/main.js [option]      (npm start installs and builds first)

  --supervised     keep SUPERVISOR_WORKERS processes running, and replace them without a gap
                   (npm run start:supervised): SIGHUP replaces all, SIGTERM drains all
  --help           this text
  --version        version of the node and of Node.js
  --check-config   read and validate all settings, then stop
  --print-config   the settings in force, secrets masked
  --json           with the last three: print JSON

Usage: node dist/main.js db:<command>  (npm run db:<command>), on the database that DATABASE_URL names

  db:migrate                                  brings its tables up to date, and shows what ran
  db:check [--deep] [--json]                  looks at it without changing it; --deep reads every row
  db:export [file] [--resume]                 writes its data as JSON Lines, to standard output without a file
  db:import <file | -> [--resume] [--skip-bad]
                                              brings an export into an empty database
  --resume goes on with what was broken off; --skip-bad leaves bad lines out and counts them.

Settings come from config/default.env, config/<NODE_ENV>.env, .env and the environment, last wins.
docs/configuration.md lists them all. Exit codes: 0 drained or done, 64 usage, 69 port taken or
database not reached, 70 bug, 74 bad data or disk, 75 start me again (a repair that needs a new process) or
try again later, 78 bad configuration; killed by SIGKILL: also by its own guard, when the event loop stood still.
`;

/** What a command line asks for. */
export type Command = 'serve' | 'supervised' | 'help' | 'version' | 'check-config' | 'print-config' | 'database';

/** Reads the arguments; undefined when they make no sense. */
export function readArguments(args: readonly string[]): { command: Command; json: boolean } | undefined {
  const json = args.includes('--json');
  // Its own arguments are read with it.
  if (args[0]?.startsWith('db:') === true) return { command: 'database', json };
  const [first, ...more] = args.filter((argument) => argument !== '--json');
  if (more.length > 0) return undefined;
  if (first === undefined) return json ? undefined : { command: 'serve', json };
  if (first === '-h') return { command: 'help', json };
  if (first === '--supervised') return json ? undefined : { command: 'supervised', json };
  const commands = ['--help', '--version', '--check-config', '--print-config'];
  return commands.includes(first) ? { command: first.slice(2) as Command, json } : undefined;
}

/** Text of `--version`. */
export function versionText(json: boolean): string {
  const versions = { version: VERSION, node: process.version };
  return json ? `${JSON.stringify(versions)}\n` : `l104-node ${VERSION} (Node.js ${process.version})\n`;
}
