import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { type Response } from 'express';
import { type Clock } from '../kernel/clock.js';
import { RequestMetrics } from '../metrics/index.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { CLOCK, UPSTREAM_NAME } from '../platform/platform.tokens.js';
import { VERSION } from '../platform/version.js';
import { NodeHealth } from './node-health.service.js';

/** Health for people (`/health`) and for orchestrators (`live`, `ready`, `startup` and their aliases). */
@Controller()
export class HealthController {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly health: NodeHealth,
    private readonly lifecycle: Lifecycle,
    private readonly requests: RequestMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(UPSTREAM_NAME) private readonly upstream: string,
  ) {}

  @Get(['health', 'healthz'])
  @Header('cache-control', 'no-store')
  overall(@Res({ passthrough: true }) response: Response): Record<string, unknown> {
    const { state, summary, conditions } = this.health.report();
    if (state === 'unhealthy') response.status(503);
    return {
      // The seed knows three words; a node that starts or drains is not quite well.
      status: state === 'starting' || state === 'draining' ? 'degraded' : state,
      timestamp: new Date(this.clock.wall()).toISOString(),
      uptime_seconds: this.requests.uptimeSeconds,
      requests_total: this.requests.total,
      summary,
      upstream: this.upstream,
      version: VERSION,
      conditions: conditions.map(({ name, severity, reason, since }) => ({
        name,
        severity,
        reason,
        since: new Date(since).toISOString(),
      })),
    };
  }

  /** This process can make progress: that it answers is the proof. No dependency is asked. */
  @Get(['health/live', 'livez'])
  @Header('cache-control', 'no-store')
  live(): Promise<HealthCheckResult> {
    return this.terminus.check([() => this.#up('event_loop')]);
  }

  /** Traffic may be sent: not draining, and nothing that is needed is missing. An upstream outage is no reason. */
  @Get(['health/ready', 'readyz'])
  @Header('cache-control', 'no-store')
  ready(): Promise<HealthCheckResult> {
    const blocking = this.health.conditions().filter(({ notReady }) => notReady);
    return this.terminus.check([
      () => this.#is('accepting', this.lifecycle.phase === 'running', this.lifecycle.phase),
      ...blocking.map(
        ({ name, reason }) =>
          () =>
            this.#is(name, false, reason),
      ),
    ]);
  }

  @Get(['health/startup', 'startupz'])
  @Header('cache-control', 'no-store')
  startup(): Promise<HealthCheckResult> {
    return this.terminus.check([
      () => this.#is('initialised', this.lifecycle.phase !== 'starting', this.lifecycle.phase),
    ]);
  }

  #up(name: string): HealthIndicatorResult {
    return this.indicators.check(name).up();
  }

  #is(name: string, well: boolean, detail: string): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    return well ? indicator.up() : indicator.down({ message: detail });
  }
}
