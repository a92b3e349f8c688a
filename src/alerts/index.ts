export { alertChannels } from './alert-channel.js';
export { AlertsModule } from './alerts.module.js';
export { alertsSettings } from './alerts.settings.js';
