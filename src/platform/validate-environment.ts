import { readFileSync } from 'node:fs';
import { closestName } from '../kernel/closest-name.js';
import { type Environment } from './environment.js';
import { type Setting, SettingProblem, type SettingsGroup } from './settings.js';

/** The settings of every group after validation. */
export interface ValidatedSettings {
  /** Values by group name, then property. Complete only when there are no problems. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** One line per bad value: variable, problem, example. */
  readonly problems: readonly string[];
  /** One line per likely mistake that does not stop the node. */
  readonly warnings: readonly string[];
}

/** Variables that start like ours but are none of ours are worth a warning. */
const KNOWN_PREFIX =
  /^(GEMINI|WATCHDOG|CIRCUIT_BREAKER|RETRY|AUTO_HEAL|HTTP_CLIENT|RATE_LIMIT|SHUTDOWN|METRICS|ALERT|SIMULATOR|STREAM|REQUEST|MEMORY|CHAOS|CLIENT_API|ADMIN|LIFE|L104|PROMETHEUS_REMOTE)_/;

/** Read by clients, tools or the shell, not by the node. */
const FOREIGN = new Set(['GEMINI_API_BASE', 'GEMINI_MODEL', 'GEMINI_SYSTEM_MD', 'GEMINI_CLI']);

/** Validates every setting of every group against the environment. */
export function validateEnvironment(groups: readonly SettingsGroup[], env: Environment): ValidatedSettings {
  const values: Record<string, Record<string, unknown>> = {};
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const group of groups) {
    const read: Record<string, unknown> = (values[group.name] = {});
    for (const [property, setting] of Object.entries(group.settings)) {
      try {
        const { raw, variable } = rawValue(setting, env);
        read[property] = readAs(setting, variable, raw);
        if (setting.reserved === true && raw !== undefined) {
          warnings.push(`${variable} is accepted but has no effect in this version`);
        }
      } catch (error) {
        if (!(error instanceof SettingProblem)) throw error;
        problems.push(error.message);
      }
    }
  }
  return { values, problems, warnings: [...warnings, ...unknownVariables(groups, env)] };
}

function readAs(setting: Setting<unknown>, variable: string, raw: string | undefined): unknown {
  try {
    return setting.read(raw);
  } catch (error) {
    if (!(error instanceof SettingProblem)) throw error;
    const shown = setting.secret === true ? '(secret)' : (raw ?? '').slice(0, 80);
    throw new SettingProblem(`${variable}=${shown} ${error.message}. Example: ${variable}=${setting.example}`);
  }
}

interface RawValue {
  readonly variable: string;
  readonly raw: string | undefined;
}

/** The first name that is set wins; an empty value counts as unset; `…_FILE` names a file that holds a secret. */
function rawValue(setting: Setting<unknown>, env: Environment): RawValue {
  for (const variable of namesOf(setting)) {
    const direct = env[variable]?.trim();
    if (direct !== undefined && direct !== '') return { variable, raw: direct };
    const path = setting.secret === true ? env[`${variable}_FILE`]?.trim() : undefined;
    if (path !== undefined && path !== '') return { variable: `${variable}_FILE`, raw: readSecret(variable, path) };
  }
  return { variable: setting.variable, raw: undefined };
}

function readSecret(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new SettingProblem(
      `${variable}_FILE=${path} cannot be read. Example: ${variable}_FILE=run/secrets/${variable}`,
    );
  }
}

function namesOf(setting: Setting<unknown>): string[] {
  return [setting.variable, ...(setting.aliases ?? [])];
}

function unknownVariables(groups: readonly SettingsGroup[], env: Environment): string[] {
  const settings = groups.flatMap((group) => Object.values(group.settings));
  const known = settings.flatMap((setting) => [
    ...namesOf(setting),
    ...(setting.secret === true ? namesOf(setting).map((name) => `${name}_FILE`) : []),
  ]);
  const names = new Set(known);
  return Object.keys(env)
    .filter((name) => KNOWN_PREFIX.test(name) && !names.has(name) && !FOREIGN.has(name))
    .sort()
    .map((name) => {
      const near = closestName(name, known);
      return `${name} is not a setting of this node${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}
