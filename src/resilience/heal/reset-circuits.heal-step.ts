import { Injectable } from '@nestjs/common';
import { type HealStep, healSteps, type StepState } from '../../heal/index.js';
import { Circuits } from '../circuits.service.js';

/** Light: closes the circuits that are open; what an operator holds stays held. */
@healSteps.contribute()
@Injectable()
export class ResetCircuitsStep implements HealStep {
  readonly name = 'circuit_breaker_reset';
  readonly level = 'light';
  readonly option = 'reset_circuit_breaker';

  constructor(private readonly circuits: Circuits) {}

  wanted(): boolean {
    return true;
  }

  state(): StepState {
    const views = this.circuits.views();
    return {
      circuits: views.length,
      open: views.filter(({ state }) => state === 'open' || state === 'half_open').length,
    };
  }

  run(): Promise<void> {
    this.circuits.reset();
    return Promise.resolve();
  }
}
