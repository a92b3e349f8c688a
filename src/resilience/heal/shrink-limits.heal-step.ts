import { Injectable } from '@nestjs/common';
import { type Cause, healSteps, type HealStep, type StepState } from '../../heal/index.js';
import { Bulkheads } from '../bulkheads.service.js';

/** Medium: halves how many attempts may wait for their first word at each model; the limits grow back as answers come. */
@healSteps.contribute()
@Injectable()
export class ShrinkLimitsStep implements HealStep {
  readonly name = 'limits_shrunk';
  readonly level = 'medium';
  readonly audience = 'automatic';
  readonly cures: readonly Cause[] = ['local_overload'];
  #left = 0;

  constructor(private readonly bulkheads: Bulkheads) {}

  wanted(): boolean {
    return false;
  }

  state(): StepState {
    return { ...this.bulkheads.load };
  }

  run(): Promise<void> {
    this.bulkheads.shrink();
    this.#left = this.bulkheads.load.places;
    return Promise.resolve();
  }

  verify(): Promise<string | undefined> {
    const { places } = this.bulkheads.load;
    return Promise.resolve(
      places <= this.#left ? undefined : `The limits have grown to ${places} places again already.`,
    );
  }
}
