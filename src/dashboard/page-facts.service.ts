import { type IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { geminiSettings } from '../gemini/index.js';
import { metricSources, Recent, RequestMetrics } from '../metrics/index.js';
import { publicOrigin, trustRule } from '../platform/forwarded.js';
import { platformSettings } from '../platform/platform.settings.js';
import { CLOCK, UPSTREAM_NAME } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { VERSION } from '../platform/version.js';
import { NodeHealth } from '../watchdog/index.js';
import { firstCallLine } from './domain/first-call.js';
import { type HealthReading, readFigures } from './domain/node-reading.js';
import { type PageFacts } from './domain/page-regions.js';
import { readRecent, RECENT_SERIES } from './domain/recent-reading.js';
import { NOTHING_READ, type Readings } from './domain/readings.js';

/** Reads what the page shows first, the same that `/health` and `/metrics` tell it later. */
@Injectable()
export class PageFactsService {
  constructor(
    private readonly health: NodeHealth,
    private readonly requests: RequestMetrics,
    private readonly recent: Recent,
    private readonly discovery: DiscoveryService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(UPSTREAM_NAME) private readonly upstream: string,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(geminiSettings.KEY) private readonly gemini: SettingsOf<typeof geminiSettings>,
  ) {}

  /** What the page shows at this moment. */
  async now(): Promise<PageFacts> {
    const known = { ...NOTHING_READ, figures: this.#figures(), recent: await this.#recently() };
    return { ...known, health: this.reading(), now: this.clock.wall(), clock: utc };
  }

  /** The state of the node as `/health` tells it. */
  reading(): HealthReading {
    const { state, summary, conditions } = this.health.report();
    return {
      state,
      summary,
      upstream: this.upstream,
      version: VERSION,
      uptime_seconds: this.requests.uptimeSeconds,
      requests_total: this.requests.total,
      conditions: conditions.map(({ name, severity, reason, since }) => ({
        name,
        severity,
        reason,
        since: new Date(since).toISOString(),
      })),
    };
  }

  /** Whether `/docs` is served. */
  get docs(): boolean {
    return this.platform.docsEnabled ?? this.platform.nodeEnv !== 'production';
  }

  /** A first call that works as it stands for the client that made a request. */
  firstCall(request: IncomingMessage): string {
    const { publicUrl, trustProxy, clientApiKeys } = this.platform;
    const bringsKey = this.upstream === 'gemini' && this.gemini.apiKeys.length === 0;
    return firstCallLine({
      origin: publicOrigin(request, publicUrl, trustRule(trustProxy)),
      model: this.gemini.defaultModel,
      keyVariable: clientApiKeys.length > 0 ? 'L104_CLIENT_KEY' : bringsKey ? 'GEMINI_API_KEY' : undefined,
    });
  }

  /** What `/metrics/recent` would not give without its token, the page does not give either. */
  async #recently(): Promise<Readings['recent']> {
    if (this.platform.metricsToken !== '') return 'refused';
    return readRecent(await this.recent.now(RECENT_SERIES).catch(() => undefined));
  }

  /** What `/metrics` would not give without its token, the page does not give either. */
  #figures(): Readings['figures'] {
    if (this.platform.metricsToken !== '') return 'refused';
    return readFigures(Object.assign({}, ...metricSources.collect(this.discovery).map((source) => source.seed())));
  }
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
