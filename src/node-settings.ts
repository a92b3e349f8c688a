import { alertsSettings } from './alerts/index.js';
import { geminiSettings, patienceSettings, resumeSettings, sessionSettings } from './gemini/index.js';
import { healSettings } from './heal/index.js';
import { httpClientSettings } from './http-client/index.js';
import { durabilitySettings, memorySettings } from './memory/index.js';
import { historySettings, pushSettings } from './metrics/index.js';
import { lifeSettings } from './platform/life.settings.js';
import { platformSettings } from './platform/platform.settings.js';
import { telemetrySettings } from './platform/telemetry.settings.js';
import { circuitSettings, resilienceSettings } from './resilience/index.js';
import { type SettingsGroup } from './platform/settings.js';
import { simulatorSettings } from './simulator/index.js';
import { tracingSettings } from './tracing/index.js';
import { watchdogSettings } from './watchdog/index.js';

/** The settings of every module, in the order of the documentation. */
export const SETTINGS_GROUPS: readonly SettingsGroup[] = [
  platformSettings,
  lifeSettings,
  geminiSettings,
  patienceSettings,
  resumeSettings,
  sessionSettings,
  resilienceSettings,
  circuitSettings,
  httpClientSettings,
  healSettings,
  watchdogSettings,
  alertsSettings,
  memorySettings,
  durabilitySettings,
  historySettings,
  pushSettings,
  telemetrySettings,
  tracingSettings,
  simulatorSettings,
];
