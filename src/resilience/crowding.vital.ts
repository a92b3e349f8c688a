import { Inject, Injectable } from '@nestjs/common';
import { type SettingsOf } from '../platform/settings.js';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { Bulkheads } from './bulkheads.service.js';
import { Crowding } from './crowding.service.js';
import { crowdText, limitText } from './domain/limits/crowd.js';
import { resilienceSettings } from './resilience.settings.js';

/** More is asked of the node than there is room for: callers are refused, and everybody should know why. */
@vitals.contribute()
@Injectable()
export class CrowdingVital implements Vital {
  readonly name = 'crowding';

  constructor(
    private readonly crowding: Crowding,
    private readonly bulkheads: Bulkheads,
    @Inject(resilienceSettings.KEY) private readonly settings: SettingsOf<typeof resilienceSettings>,
  ) {}

  read(): Finding | undefined {
    const crowd = this.crowding.now;
    if (crowd === undefined) return undefined;
    const size = { ...this.bulkheads.crowd, calls: this.settings.concurrentCalls };
    const doing = limitText(crowd, size);
    return {
      severity: 'degraded',
      cause: 'local_overload',
      // To refuse is the repair; what fails for want of room is held against the node by the requests.
      healable: false,
      kind: 'overloaded',
      evidence: { limit: crowd.room, waiting: size.waiting, places: size.places },
      reason: crowdText(crowd, size),
      ...(doing === undefined ? {} : { doing }),
    };
  }
}
