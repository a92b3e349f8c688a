import { type SettingsOf } from './platform/settings.js';
import { geminiSettings, upstreamName } from './gemini/index.js';
import { SETTINGS_GROUPS } from './node-settings.js';
import { type Environment, loadEnvironment } from './platform/environment.js';
import { type LifeSettings, lifeSettings } from './platform/life.settings.js';
import { platformSettings } from './platform/platform.settings.js';
import { validateEnvironment } from './platform/validate-environment.js';
import { type SettingsValues } from './app.module.js';
import { watchdogSettings } from './watchdog/index.js';

type GeminiValues = SettingsOf<typeof geminiSettings>;
type PlatformValues = SettingsOf<typeof platformSettings>;

/** The configuration of a node, read and checked. */
export interface Configuration {
  readonly values: SettingsValues;
  readonly platform: PlatformValues;
  readonly life: LifeSettings;
  /** How long the event loop may stand still, ms; 0 when nobody watches it. */
  readonly stallLimitMs: number;
  readonly gemini: GeminiValues;
  /** Name of the upstream that will answer. */
  readonly upstream: 'gemini' | 'simulator';
  /** Whether clients are served with keys of their own. */
  readonly clientsBringKeys: boolean;
  /** Env files that were read, lowest precedence first. */
  readonly files: readonly string[];
  /** What keeps the node from starting; empty when it may. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Reads the env files under `root` and the process environment, and validates every setting, alone and together. */
export function configure(root: string, processEnv: Environment): Configuration {
  const { env, files } = loadEnvironment(root, processEnv);
  const { values, problems, warnings } = validateEnvironment(SETTINGS_GROUPS, env);
  const platform = values[platformSettings.name] as PlatformValues;
  const gemini = values[geminiSettings.name] as GeminiValues;
  const life = values[lifeSettings.name] as LifeSettings;
  const watchdog = values[watchdogSettings.name] as SettingsOf<typeof watchdogSettings>;
  const together = problems.length > 0 ? [] : problemsTogether(platform, gemini);
  const upstream = problems.length > 0 ? 'simulator' : upstreamName(gemini);
  return {
    values,
    platform,
    life,
    stallLimitMs: watchdog.enabled ? life.stallMs : 0,
    gemini,
    upstream,
    clientsBringKeys: upstream === 'gemini' && gemini.apiKeys.length === 0,
    files,
    problems: [...problems, ...together],
    warnings: [...warnings, ...doubleKey(env)],
  };
}

function problemsTogether(platform: PlatformValues, gemini: GeminiValues): string[] {
  const found: string[] = [];
  const keyless = gemini.apiKeys.length === 0;
  if (platform.nodeEnv === 'production' && gemini.upstream === 'auto' && keyless) {
    found.push(
      'GEMINI_API_KEY is not set, and with NODE_ENV=production the node does not answer with simulated text. ' +
        'Set GEMINI_API_KEY, or GEMINI_UPSTREAM=gemini to serve each client with the key it brings. Example: GEMINI_API_KEY=AIza…',
    );
  }
  if (gemini.upstream === 'gemini' && keyless && platform.clientApiKeys.length > 0) {
    found.push(
      'CLIENT_API_KEYS is set but GEMINI_API_KEY is not: clients send the node’s keys, so none would be left for Gemini. ' +
        'Set GEMINI_API_KEY, or unset CLIENT_API_KEYS. Example: GEMINI_API_KEY=AIza…',
    );
  }
  return found;
}

function doubleKey(env: Environment): string[] {
  const both = (env['GEMINI_API_KEY'] ?? '') !== '' && (env['GOOGLE_API_KEY'] ?? '') !== '';
  return both
    ? [
        'GEMINI_API_KEY and GOOGLE_API_KEY are both set; the node uses GEMINI_API_KEY, Google’s SDKs would use the other',
      ]
    : [];
}
