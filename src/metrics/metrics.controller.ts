import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Request, type Response } from 'express';
import { negotiate } from './domain/negotiation.js';
import { metricSources, type SeedMetrics } from './metric-source.js';
import { MetricsGuard } from './metrics.guard.js';
import { MetricsRegistry } from './metrics.registry.js';

const compress = promisify(gzip);

/** `GET /metrics`: JSON for people, text for Prometheus. */
@Controller('metrics')
@UseGuards(MetricsGuard)
export class MetricsController {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly discovery: DiscoveryService,
  ) {}

  @Get()
  async metrics(@Req() request: Request, @Res() response: Response): Promise<void> {
    response.vary('Accept').setHeader('cache-control', 'no-store');
    const format = negotiate(request.headers.accept);
    if (format === 'json') response.json(this.#document());
    else await this.#expose(request, response, format);
  }

  @Get('prometheus')
  async prometheus(@Req() request: Request, @Res() response: Response): Promise<void> {
    response.vary('Accept').setHeader('cache-control', 'no-store');
    const format = negotiate(request.headers.accept);
    await this.#expose(request, response, format === 'openmetrics' ? format : 'text');
  }

  /** Compressed where the scraper takes it, by another thread. */
  async #expose(request: Request, response: Response, format: 'text' | 'openmetrics'): Promise<void> {
    const { contentType, body } = await this.registry.expose(format);
    response.setHeader('content-type', contentType).vary('Accept-Encoding');
    if (request.acceptsEncodings(['gzip', 'identity']) === 'gzip') {
      response.setHeader('content-encoding', 'gzip').end(await compress(body, { level: constants.Z_BEST_SPEED }));
    } else response.end(body);
  }

  /** Members without an owner yet stand at the value that is true while nothing can raise them. */
  #document(): SeedMetrics {
    const document: SeedMetrics = {
      requests_total: 0,
      requests_success: 0,
      requests_error: 0,
      api_calls: 0,
      upstream_429: 0,
      upstream_5xx: 0,
      model_rotations: 0,
      auto_heals: 0,
      circuit_breaks: 0,
      connection_resets: 0,
      retry_successes: 0,
      retry_exhausted: 0,
      uptime_start: '',
      uptime_seconds: 0,
      model_usage: {},
      model_429_count: {},
      self_healing: {
        auto_heal_enabled: false,
        circuit_breaker_open: false,
        circuit_breaker_failures: 0,
        http_client_errors: 0,
        last_http_reset: null,
      },
    };
    for (const source of metricSources.collect(this.discovery)) {
      const { self_healing, ...part } = source.seed();
      Object.assign(document, part);
      Object.assign(document.self_healing, self_healing);
    }
    return document;
  }
}
