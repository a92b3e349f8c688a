import { Injectable } from '@nestjs/common';
import { type Cause, type HealStep, healSteps, type StepState } from '../../heal/index.js';
import { GatewayMetrics } from '../gateway.metrics.js';

/** Light: forgets the quota refusals counted per model. */
@healSteps.contribute()
@Injectable()
export class ClearModelErrorsStep implements HealStep {
  readonly name = 'model_errors_cleared';
  readonly level = 'light';
  readonly audience = 'all';
  readonly cures: readonly Cause[] = ['internal_fault'];
  readonly option = 'clear_model_errors';

  constructor(private readonly metrics: GatewayMetrics) {}

  wanted(): boolean {
    return true;
  }

  state(): StepState {
    return { models: this.metrics.modelsWithErrors };
  }

  run(): Promise<void> {
    this.metrics.clearModelErrors();
    return Promise.resolve();
  }

  verify(): Promise<string | undefined> {
    const left = this.metrics.modelsWithErrors;
    return Promise.resolve(left === 0 ? undefined : `${left} models have been refused again since.`);
  }
}
