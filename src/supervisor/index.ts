export { supervise, type SupervisorPlan } from './supervise.js';
export { WorkerLink } from './worker-link.js';
