import { Injectable } from '@nestjs/common';
import { type Cause, type HealStep, healSteps, type StepState } from '../../heal/index.js';
import { RateLimits } from '../../resilience/index.js';
import { Targets } from '../targets.service.js';

/** Light: forgets what clients have sent, ends the rests of keys and readmits bad ones, so that they are asked again. */
@healSteps.contribute()
@Injectable()
export class ClearRateLimitsStep implements HealStep {
  readonly name = 'rate_limits_cleared';
  readonly level = 'light';
  readonly audience = 'all';
  readonly cures: readonly Cause[] = ['internal_fault'];
  readonly option = 'reset_rate_limits';

  constructor(
    private readonly targets: Targets,
    private readonly rates: RateLimits,
  ) {}

  wanted(): boolean {
    return true;
  }

  state(): StepState {
    return { resting: this.targets.troubled, clients: this.rates.remembered };
  }

  run(): Promise<void> {
    this.targets.clearRests();
    this.rates.clear();
    return Promise.resolve();
  }

  verify(): Promise<string | undefined> {
    const left = this.targets.troubled;
    return Promise.resolve(left === 0 ? undefined : `${left} rests of keys have begun again since.`);
  }
}
