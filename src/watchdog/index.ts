export { LevelAlarm } from './domain/level-alarm.js';
export { reasonOf } from './domain/node-state.js';
export { megabytes } from './domain/megabytes.js';
export { type Finding, type Vital, vitals } from './vital.js';
export { NodeHealth } from './node-health.service.js';
export { RequestErrorsVital } from './request-errors.vital.js';
export { Watchdog } from './watchdog.service.js';
export { WatchdogModule } from './watchdog.module.js';
export { watchdogSettings } from './watchdog.settings.js';
