import { Controller, Get, Header, HttpException, Inject, Res } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { type Response } from 'express';
import { type Clock } from '../kernel/clock.js';
import { RequestMetrics } from '../metrics/index.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { CLOCK, UPSTREAM_NAME } from '../platform/platform.tokens.js';
import { VERSION } from '../platform/version.js';
import { reasonOf } from './domain/node-state.js';
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
    const { state, situation, lead, summary, conditions } = this.health.report();
    if (state === 'unhealthy') response.status(503);
    return {
      // The seed knows three words; a node that starts or drains is not quite well.
      status: state === 'starting' || state === 'draining' ? 'degraded' : state,
      state,
      situation,
      timestamp: new Date(this.clock.wall()).toISOString(),
      uptime_seconds: this.requests.uptimeSeconds,
      requests_total: this.requests.total,
      summary,
      headline: lead,
      upstream: this.upstream,
      version: VERSION,
      conditions: conditions.map((condition) => ({
        name: condition.name,
        cause: condition.cause,
        severity: condition.severity,
        reason: reasonOf(condition),
        since: new Date(condition.since).toISOString(),
      })),
    };
  }

  /** This process can make progress: that it answers is the proof. No dependency is asked. */
  @Get(['health/live', 'livez'])
  @Header('cache-control', 'no-store')
  live(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#report(response, [() => this.#is('event_loop', true, '')]);
  }

  /** Traffic may be sent: not draining, and nothing that is needed is missing. An upstream outage is no reason. */
  @Get(['health/ready', 'readyz'])
  @Header('cache-control', 'no-store')
  ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const blocking = this.health.conditions().filter(({ notReady }) => notReady);
    return this.#report(response, [
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
  startup(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const { phase } = this.lifecycle;
    return this.#report(response, [() => this.#is('initialised', phase !== 'starting', phase)]);
  }

  /** Terminus throws what is down; to the prober it is an answer like any other, with 503. */
  async #report(response: Response, checks: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check(checks);
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  #is(name: string, well: boolean, detail: string): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    return well ? indicator.up() : indicator.down({ message: detail });
  }
}
