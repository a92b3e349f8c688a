import { Injectable } from '@nestjs/common';
import { type Cause, healSteps, type HealStep, type StepState } from '../../heal/index.js';
import { SharedAnswers } from '../sharing/shared-answers.service.js';

/** Light: gives up the memory of answers that are kept for a failure; those being given go on. */
@healSteps.contribute()
@Injectable()
export class DropSharedAnswersStep implements HealStep {
  readonly name = 'answers_dropped';
  readonly level = 'light';
  readonly audience = 'automatic';
  readonly cures: readonly Cause[] = ['local_overload'];

  constructor(private readonly answers: SharedAnswers) {}

  wanted(): boolean {
    return false;
  }

  state(): StepState {
    const { size, bytes } = this.answers.memory;
    return { answers: size, bytes };
  }

  run(): Promise<void> {
    this.answers.drop();
    return Promise.resolve();
  }

  verify(): Promise<string | undefined> {
    const { size } = this.answers.memory;
    return Promise.resolve(size === 0 ? undefined : `${size} answers are kept again already.`);
  }
}
