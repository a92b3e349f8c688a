import { type Configuration } from './configuration.js';
import { EXIT } from './platform/exit-codes.js';
import { SETTINGS_GROUPS } from './node-settings.js';

/** What a command prints, and the exit code it ends with. */
interface Printed {
  readonly text: string;
  readonly code: number;
}

/** Runs a command that only looks at the configuration. */
export function printed(
  command: 'check-config' | 'print-config',
  json: boolean,
  configuration: Configuration,
): Printed {
  return command === 'check-config' ? checked(json, configuration) : shown(json, configuration);
}

function checked(json: boolean, { problems, warnings, files, upstream }: Configuration): Printed {
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

function shown(json: boolean, { values, problems }: Configuration): Printed {
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
