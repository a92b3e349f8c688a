import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Counter } from 'prom-client';
import { type Clock } from '../../kernel/clock.js';
import { instanceName, serviceNameOf } from '../../platform/instance-name.js';
import { LOG, type Log } from '../../platform/logging.js';
import { platformSettings } from '../../platform/platform.settings.js';
import { CLOCK } from '../../platform/platform.tokens.js';
import { type SettingsOf } from '../../platform/settings.js';
import { type TelemetrySettings, telemetrySettings } from '../../platform/telemetry.settings.js';
import { MetricsRegistry } from '../metrics.registry.js';
import { Pusher, type PushResult, type PushSource } from './pusher.js';
import { type PushSettings, pushSettings } from './push.settings.js';

/** Longest that the shutdown waits for a last push, ms. */
const LAST_PUSH_MS = 3000;

/** Where a collector listens when nothing else is said. */
const USUAL_ENDPOINT = 'http://localhost:4318';

const RESULTS: readonly PushResult[] = ['ok', 'failed', 'rejected', 'dropped'];

type Pushing = Pick<Pusher<unknown>, 'begin' | 'close'>;

/** Pushes the metrics to where settings say; without any of them nothing of it is loaded. */
@Injectable()
export class MetricsPush implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #pushers: readonly Pushing[] = [];
  #closed: Promise<unknown> | undefined;

  constructor(
    @Inject(MetricsRegistry) private readonly registry: MetricsRegistry,
    @Inject(pushSettings.KEY) private readonly settings: PushSettings,
    @Inject(telemetrySettings.KEY) private readonly telemetry: TelemetrySettings,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const otlpUrl = this.#otlpUrl();
    const { remoteWriteUrl } = this.settings;
    const targets = [...(otlpUrl === '' ? [] : ['otlp']), ...(remoteWriteUrl === '' ? [] : ['remote_write'])];
    if (targets.length === 0) return;
    const source = this.#source(targets);
    this.#pushers = [
      ...(otlpUrl === '' ? [] : [await this.#otlp(otlpUrl, source)]),
      ...(remoteWriteUrl === '' ? [] : [await this.#remoteWrite(source)]),
    ];
    for (const pusher of this.#pushers) pusher.begin();
    this.log.info({ event: 'metrics_push_started', targets }, 'metrics are pushed');
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#closed ??= Promise.all(this.#pushers.map((pusher) => pusher.close(LAST_PUSH_MS)));
    await this.#closed;
  }

  /** Empty when nothing is pushed over OTLP. */
  #otlpUrl(): string {
    const { exporter, endpoint } = this.settings;
    const { disabled, endpoint: shared } = this.telemetry;
    if (disabled || exporter === 'none' || exporter === 'prometheus') return '';
    if (endpoint !== '') return endpoint;
    const base = shared === '' && exporter === 'otlp' ? USUAL_ENDPOINT : shared;
    return base === '' ? '' : `${base}/v1/metrics`;
  }

  async #otlp(url: string, source: PushSource): Promise<Pushing> {
    const { Otlp } = await import('./otlp.js');
    const { protocol, headers, timeoutMs, resource } = this.telemetry;
    const { intervalMs } = this.settings;
    const startedAt = this.clock.wall() - process.uptime() * 1000;
    const identity = { 'service.name': serviceNameOf(this.telemetry), 'service.instance.id': this.#instance() };
    const options = {
      url,
      protocol,
      headers,
      timeoutMs,
      intervalMs,
      startedAt,
      resource: { ...resource, ...identity },
    };
    return new Pusher(await Otlp.load(options), source);
  }

  async #remoteWrite(source: PushSource): Promise<Pushing> {
    const { RemoteWrite } = await import('./remote-write.js');
    const { remoteWriteUrl: url, remoteWriteToken: token, remoteWriteUser: user } = this.settings;
    const labels = { job: serviceNameOf(this.telemetry), instance: this.#instance() };
    const options = { url, token, user, labels, intervalMs: this.settings.remoteWriteIntervalMs };
    return new Pusher(new RemoteWrite(options, this.clock), source);
  }

  #instance(): string {
    return instanceName(this.telemetry.resource, this.platform);
  }

  #source(targets: readonly string[]): PushSource {
    const pushes: Counter<'target' | 'result'> = this.registry.counter({
      name: 'l104_metrics_pushes_total',
      help: 'Pushes of metrics by target and result; dropped are those that waited for too long.',
      labelNames: ['target', 'result'],
    });
    for (const target of targets) for (const result of RESULTS) pushes.inc({ target, result }, 0);
    return {
      clock: this.clock,
      log: this.log,
      snapshot: async () => ({ at: this.clock.wall(), families: await this.registry.families() }),
      count: (target, result) => {
        pushes.inc({ target, result });
      },
    };
  }
}
