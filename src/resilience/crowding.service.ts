import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { Crowd } from './domain/limits/crowd.js';

/** The refusals for want of room of late, of all limits together. */
@Injectable()
export class Crowding extends Crowd {
  constructor(@Inject(CLOCK) clock: Clock) {
    super(clock);
  }
}
