export { alertChannels } from './alert-channel.js';
export { AlertsModule } from './alerts.module.js';
export { type Runbook, RUNBOOKS } from './domain/runbooks.js';
export { alertsSettings } from './alerts.settings.js';
