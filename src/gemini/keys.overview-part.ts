import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type OverviewPart, overviewParts } from '../watchdog/index.js';
import { keysShown } from './domain/quota/key-shown.js';
import { Targets } from './targets.service.js';

/** The node's own keys, by a short hash, with their rests. */
@overviewParts.contribute()
@Injectable()
export class KeysOverview implements OverviewPart {
  readonly name = 'keys';

  constructor(
    private readonly targets: Targets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  read(): unknown {
    return keysShown(this.targets.keyStates(), this.clock.wall());
  }
}
