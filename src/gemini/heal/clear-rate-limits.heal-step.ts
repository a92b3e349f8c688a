import { Injectable } from '@nestjs/common';
import { type HealStep, healSteps, type StepState } from '../../heal/index.js';
import { Targets } from '../targets.service.js';

/** Light: ends the rests of keys and readmits bad ones, so that they are asked again. */
@healSteps.contribute()
@Injectable()
export class ClearRateLimitsStep implements HealStep {
  readonly name = 'rate_limits_cleared';
  readonly level = 'light';
  readonly option = 'reset_rate_limits';

  constructor(private readonly targets: Targets) {}

  wanted(): boolean {
    return true;
  }

  state(): StepState {
    return { resting: this.targets.troubled };
  }

  run(): Promise<void> {
    this.targets.clearRests();
    return Promise.resolve();
  }
}
