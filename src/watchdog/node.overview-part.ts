import cluster from 'node:cluster';
import { Inject, Injectable } from '@nestjs/common';
import { RequestMetrics } from '../metrics/index.js';
import { type Clock } from '../kernel/clock.js';
import { type LifeSettings, lifeSettings } from '../platform/life.settings.js';
import { platformSettings } from '../platform/platform.settings.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { VERSION } from '../platform/version.js';
import { type OverviewPart, overviewParts } from './overview-part.js';

/** Which node this is. Its name is often that of a machine, and not for everybody. */
@overviewParts.contribute()
@Injectable()
export class NodeOverview implements OverviewPart {
  readonly name = 'node';

  constructor(
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(lifeSettings.KEY) private readonly life: LifeSettings,
    @Inject(RequestMetrics) private readonly requests: RequestMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  read(): unknown {
    const { uptimeSeconds } = this.requests;
    return {
      name: this.platform.nodeName,
      version: VERSION,
      node_version: process.version,
      // Each of them counts and limits by itself.
      processes: cluster.isWorker ? this.life.workers : 1,
      process_id: process.pid,
      started_at: new Date(this.clock.wall() - uptimeSeconds * 1000).toISOString(),
    };
  }
}
