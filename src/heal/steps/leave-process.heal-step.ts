import { Inject, Injectable } from '@nestjs/common';
import { type Cause } from '../../kernel/cause.js';
import { EXIT } from '../../platform/exit-codes.js';
import { Lifecycle } from '../../platform/lifecycle.js';
import { healSteps, type HealStep, type StepContext, type StepState } from '../heal-step.js';

/** Heavy: drains and ends the process, for its supervisor to start it anew. Only the watchdog takes it. */
@healSteps.contribute()
@Injectable()
export class LeaveProcessStep implements HealStep {
  readonly name = 'process_left';
  readonly level = 'heavy';
  readonly audience = 'automatic';
  readonly cures: readonly Cause[] = ['local_overload', 'internal_fault'];

  constructor(@Inject(Lifecycle) private readonly lifecycle: Lifecycle) {}

  wanted(): boolean {
    return false;
  }

  state(): StepState {
    return { uptime_seconds: Math.floor(process.uptime()), phase: this.lifecycle.phase };
  }

  /** Does not wait for the end of the drain: this run must be in the journal before that. */
  run({ cause, reason }: StepContext): Promise<void> {
    void this.lifecycle.leave({ code: EXIT.later, kind: 'healed', cause: cause ?? 'internal_fault', reason });
    return Promise.resolve();
  }

  /** Whether it helps, only the next life can tell. */
  verify(): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }
}
