import { type Configuration } from './configuration.js';
import { SETTINGS_GROUPS } from './node-settings.js';
import { VERSION } from './platform/version.js';

/** Exit codes, as in sysexits.h. */
export const EXIT = { ok: 0, usage: 64, unavailable: 69, bug: 70, config: 78 } as const;

const HELP = `L104 Node ${VERSION}: a self-healing gateway in front of the Gemini API

Usage: node dist/main.js [option]      (npm start installs and builds first)

  --help           this text
  --version        version of the node and of Node.js
  --check-config   read and validate all settings, then stop
  --print-config   the settings in force, secrets masked
  --json           with the last three: print JSON

Settings come from config/default.env, config/<NODE_ENV>.env, .env and the environment, last wins.
docs/configuration.md lists them all. Exit codes: 0 drained, 64 usage, 69 port taken, 70 bug, 78 bad configuration.
`;

/** What a command line asks for. */
export type Command = 'serve' | 'help' | 'version' | 'check-config' | 'print-config';

/** Reads the arguments; undefined when they make no sense. */
export function readArguments(args: readonly string[]): { command: Command; json: boolean } | undefined {
  const json = args.includes('--json');
  const [first, ...more] = args.filter((argument) => argument !== '--json');
  if (more.length > 0) return undefined;
  if (first === undefined) return json ? undefined : { command: 'serve', json };
  if (first === '-h') return { command: 'help', json };
  const commands = ['--help', '--version', '--check-config', '--print-config'];
  return commands.includes(first) ? { command: first.slice(2) as Command, json } : undefined;
}

/** Runs a command that only prints; returns the text and the exit code. */
export function printed(
  command: Exclude<Command, 'serve'>,
  json: boolean,
  configuration: Configuration,
): { text: string; code: number } {
  if (command === 'help') return { text: HELP, code: EXIT.ok };
  if (command === 'version') {
    const versions = { version: VERSION, node: process.version };
    return {
      text: json ? `${JSON.stringify(versions)}\n` : `l104-node ${VERSION} (Node.js ${process.version})\n`,
      code: EXIT.ok,
    };
  }
  return command === 'check-config' ? checked(json, configuration) : shown(json, configuration);
}

function checked(
  json: boolean,
  { problems, warnings, files, upstream }: Configuration,
): { text: string; code: number } {
  const code = problems.length === 0 ? EXIT.ok : EXIT.config;
  if (json) return { text: `${JSON.stringify({ ok: code === 0, problems, warnings, files, upstream })}\n`, code };
  const lines = [...problemLines(problems), ...warnings.map((warning) => `warning: ${warning}`)];
  if (code === 0) lines.push(`Configuration is valid (${files.join(', ') || 'no env files'}); upstream: ${upstream}.`);
  return { text: `${lines.join('\n')}\n`, code };
}

/** The lines that tell of bad settings. */
export function problemLines(problems: readonly string[]): string[] {
  return problems.map((problem) => `bad configuration: ${problem}`);
}

function shown(json: boolean, { values, problems }: Configuration): { text: string; code: number } {
  if (problems.length > 0) return { text: `${problemLines(problems).join('\n')}\n`, code: EXIT.config };
  const entries = SETTINGS_GROUPS.flatMap((group) =>
    Object.entries(group.settings).map(([property, setting]): [string, unknown] => {
      const value = values[group.name]?.[property];
      return [setting.variable, setting.secret === true ? masked(value) : (value ?? null)];
    }),
  );
  if (json) return { text: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, code: EXIT.ok };
  return { text: entries.map(([name, value]) => `${name}=${plain(value)}\n`).join(''), code: EXIT.ok };
}

/** Says whether a secret is set, and how many, without a character of it. */
function masked(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '' : `*** (${value.length})`;
  return value === '' || value === undefined ? '' : '***';
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
