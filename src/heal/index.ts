export { type HealStep, healSteps, type StepState } from './heal-step.js';
export { HealModule } from './heal.module.js';
export { healSettings } from './heal.settings.js';
