export { Admission } from './admission.service.js';
export { ResilienceModule } from './resilience.module.js';
export { resilienceSettings } from './resilience.settings.js';
