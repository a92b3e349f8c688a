export { HEAL_LEVELS, type HealLevel, type HealStep, healSteps, type StepState } from './heal-step.js';
export { HealModule } from './heal.module.js';
export { HealService, type HealRun } from './heal.service.js';
export { healSettings } from './heal.settings.js';
