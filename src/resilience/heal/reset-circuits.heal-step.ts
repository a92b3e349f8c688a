import { Injectable } from '@nestjs/common';
import { type Cause, type HealStep, healSteps, type StepContext, type StepState } from '../../heal/index.js';
import { Circuits } from '../circuits.service.js';

/**
 * Light: by hand, closes the circuits that are open. By itself the node only lets the next call try each of them, so that
 * none is slammed shut on a target that is dead. What an operator holds stays held.
 */
@healSteps.contribute()
@Injectable()
export class ResetCircuitsStep implements HealStep {
  readonly name = 'circuit_breaker_reset';
  readonly level = 'light';
  readonly audience = 'all';
  readonly cures: readonly Cause[] = ['internal_fault'];
  readonly helps: readonly Cause[] = ['connection_fault'];
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

  run({ manual }: StepContext): Promise<void> {
    if (manual) this.circuits.reset();
    else this.circuits.expedite();
    return Promise.resolve();
  }

  verify({ manual, complaints }: StepContext): Promise<string | undefined> {
    const outage = complaints.find(({ cause }) => cause === 'upstream_outage');
    if (!manual || outage === undefined) return Promise.resolve(undefined);
    return Promise.resolve(`Closed as asked, but they will open again while this lasts: ${outage.reason}`);
  }
}
