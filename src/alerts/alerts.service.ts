import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Journal } from '../heal/index.js';
import { type Clock } from '../kernel/clock.js';
import { randomHex } from '../platform/identifiers.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { Lives } from '../platform/lives.js';
import { LOG, type Log } from '../platform/logging.js';
import { platformSettings } from '../platform/platform.settings.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type RequestFinished } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';
import { type SettingsOf } from '../platform/settings.js';
import { within } from '../platform/within.js';
import { forecastText, NodeHealth, reasonOf } from '../watchdog/index.js';
import { AlertsMetrics } from './alerts.metrics.js';
import { type AlertsSettings, alertsSettings } from './alerts.settings.js';
import { Delivery } from './delivery.service.js';
import { type Alert, type AlertNotice } from './domain/alert.js';
import { AlertBook, type KeptAlert } from './domain/alert-book.js';
import { ALERT_RULES, type AlertFacts } from './domain/alert-rules.js';
import { BurnRate } from './domain/burn-rate.js';
import { alertTold } from './domain/notice-text.js';
import { type Silence, Silences } from './domain/silences.js';
import { tellerOf } from './teller.js';

/** Time between two readings of the rules, ms; what begins within it is told in one notice. */
const TICK_MS = 1000;
/** Time the last notices have when the process ends, ms. */
const LAST_MS = 3000;
/** A restart is a reason to call somebody for so long, ms. */
const EXIT_MS = 900_000;
const HEALS_MS = 600_000;

/** What outlives the process. */
export interface KeptAlerts {
  readonly alerts: readonly KeptAlert[];
  readonly silences: readonly Silence[];
  readonly outbox: Readonly<Record<string, readonly AlertNotice[]>>;
}

/** Reads the rules once a second on what the node knows already, and has people told of what they say. */
@Injectable()
export class Alerts implements OnApplicationBootstrap, OnModuleDestroy {
  readonly silences = new Silences();
  readonly #book = new AlertBook(ALERT_RULES);
  readonly #burn: BurnRate;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> | undefined;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(NodeHealth) private readonly health: NodeHealth,
    @Inject(Journal) private readonly journal: Journal,
    @Inject(Lives) private readonly lives: Lives,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(Delivery) private readonly delivery: Delivery,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
    @Inject(alertsSettings.KEY) settings: AlertsSettings,
    @Inject(RequestEvents) requests: RequestEvents,
    @Inject(AlertsMetrics) metrics: AlertsMetrics,
  ) {
    this.#burn = new BurnRate(settings.objectivePercent / 100);
    requests.finished.subscribe((event) => {
      this.#count(event);
    });
    metrics.attach(() => this.all());
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.tick();
    }, TICK_MS).unref();
  }

  /** Who was to be called before the process ends is called now, within a time. Runs before what is left is kept. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    this.tick(false);
    this.#last ??= within(LAST_MS, this.delivery.flush());
    await this.#last;
  }

  /** What stands, worst first, and what has ended within the last hour. */
  all(): readonly Alert[] {
    return this.#book.all(this.clock.wall());
  }

  /** Until when nobody is told of an alert, wall-clock ms; undefined when they are. */
  silencedUntil(name: string): number | undefined {
    return this.silences.until(name, this.clock.wall());
  }

  /** Reads every rule once, and sends what is due unless it is the last time. */
  tick(pump = true): void {
    try {
      const moment = { now: this.clock.now(), wall: this.clock.wall() };
      const silenced = (name: string): boolean => this.silencedUntil(name) !== undefined;
      const { firing, resolved } = this.#book.update(this.#facts(moment), moment, silenced);
      this.#tell('firing', firing);
      this.#tell('resolved', resolved);
      if (pump) this.delivery.pump(this.#book.told());
    } catch (error) {
      this.log.error({ err: error }, 'the alert rules could not be read');
    }
  }

  /** Sends a test alert to every channel at once; what came of each. */
  test(): Promise<{ name: string; error: string | undefined }[]> {
    const at = this.clock.wall();
    const words = {
      summary: 'This is a test: nothing is wrong.',
      description: 'Sent by hand, to see that it arrives.',
    };
    const alert: Alert = { name: 'Test', severity: 'info', state: 'firing', since: at, ...words };
    return this.delivery.try({ id: randomHex(8), kind: 'test', alerts: [alert], at });
  }

  save(): KeptAlerts {
    const silences = this.silences.all(this.clock.wall());
    return { alerts: this.#book.save(), silences, outbox: this.delivery.save() };
  }

  restore({ alerts, silences, outbox }: KeptAlerts): void {
    this.#book.restore(alerts, { now: this.clock.now(), wall: this.clock.wall() });
    this.silences.restore(silences);
    this.delivery.restore(outbox);
  }

  #tell(kind: 'firing' | 'resolved', alerts: readonly Alert[]): void {
    if (alerts.length === 0) return;
    for (const alert of alerts) this.journal.append(`alert_${kind}`, alertTold(alert, tellerOf(this.platform)));
    this.delivery.add({ id: randomHex(8), kind, alerts, at: this.clock.wall() });
  }

  #facts({ now, wall }: { now: number; wall: number }): AlertFacts {
    const { state, summary, conditions, forecasts } = this.health.report();
    const heals = this.journal.since(wall - HEALS_MS).entries.filter((entry) => {
      const { kind, number, body } = entry;
      return kind === 'heal_run' && number > wall - HEALS_MS && body['by'] !== 'admin' && this.journal.isOwn(entry);
    });
    return {
      state,
      summary,
      conditions: new Map(conditions.map((one) => [one.name, { reason: reasonOf(one), severity: one.severity }])),
      forecasts: forecasts.map(forecastText),
      autoHeals: heals.length,
      burn: this.#burn.read(now),
      exit: this.#exit(wall),
    };
  }

  #exit(wall: number): string | undefined {
    const { departure } = this.lifecycle;
    if (departure?.kind === 'healed')
      return `The process is being replaced, for ${departure.cause}: ${departure.reason}`;
    const end = this.lives.last?.end;
    const cured = end?.kind === 'healed' || end?.kind === 'stalled';
    if (end === undefined || !cured || wall - end.endedAt > EXIT_MS) return undefined;
    return `The process before this one was ended, for ${end.cause}: ${end.reason}`;
  }

  #count({ status, broken, code }: RequestFinished): void {
    // Who left, or sent too much, says nothing of the node.
    if (status === 499 || code === 'RATE_LIMITED') return;
    this.#burn.add(this.clock.now(), status >= 500 || broken);
  }
}
