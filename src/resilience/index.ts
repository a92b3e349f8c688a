export { Admission } from './admission.service.js';
export { type Client, Clients } from './clients.service.js';
export { Circuits } from './circuits.service.js';
export { type Permit } from './domain/circuit/permit.js';
export { RateLimitedRoutes } from './rate-limited-routes.service.js';
export { type Rate, RateLimits } from './rate-limits.service.js';
export { ResilienceModule } from './resilience.module.js';
export { resilienceSettings } from './resilience.settings.js';
export { RetryPolicy } from './retry-policy.service.js';
