import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type AlertChannel, alertChannels, DeliveryFault } from './alert-channel.js';
import { AlertsMetrics } from './alerts.metrics.js';
import { type Alert, type AlertNotice } from './domain/alert.js';
import { Outbox } from './domain/outbox.js';

/** Time a channel has for one notice, ms. */
const SEND_MS = 10_000;
/** A notice this old is given up, ms: nobody is helped by it any more. */
const OLDEST_MS = 24 * 3_600_000;

/** How a channel is doing. */
interface Lane {
  readonly channel: AlertChannel;
  readonly outbox: Outbox;
  /** What is being sent; undefined while nothing is. */
  sending: Promise<void> | undefined;
  lastSuccess: number | undefined;
  lastError: string | undefined;
  refreshedAt: number;
}

/** What is shown of a channel. */
export interface ChannelState {
  readonly name: string;
  readonly enabled: boolean;
  /** Wall-clock ms. */
  readonly lastSuccess: number | undefined;
  readonly lastError: string | undefined;
  readonly waiting: number;
}

/** Brings notices to every channel, each at its own pace: one that hangs or is down holds up none of the others. */
@Injectable()
export class Delivery implements OnApplicationBootstrap {
  #lanes: readonly Lane[] = [];
  /** What an earlier life could not deliver, until the channels are known. */
  #kept: Readonly<Record<string, readonly AlertNotice[]>> = {};

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(AlertsMetrics) private readonly metrics: AlertsMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#lanes = alertChannels.collect(this.discovery).map((channel) => ({
      channel,
      outbox: new Outbox(),
      sending: undefined,
      lastSuccess: undefined,
      lastError: undefined,
      refreshedAt: this.clock.now(),
    }));
    this.restore(this.#kept);
  }

  /** How every channel is doing. */
  states(): readonly ChannelState[] {
    return this.#lanes.map(({ channel: { name, enabled }, outbox, lastSuccess, lastError }) => {
      return { name, enabled, lastSuccess, lastError, waiting: outbox.size };
    });
  }

  /** Puts a notice into the outbox of every channel that has an address. */
  add(notice: AlertNotice): void {
    for (const { channel, outbox } of this.#enabled())
      if (outbox.add(notice, this.clock.now())) this.metrics.notice(channel.name, 'dropped');
  }

  /** Sends what is due, and tells again what fires; at most one thing at a time to each channel. */
  pump(firing: readonly Alert[]): void {
    const now = this.clock.now();
    for (const lane of this.#enabled()) {
      if (lane.sending !== undefined) continue;
      const notice = lane.outbox.due(now);
      if (notice !== undefined) void this.#send(lane, notice);
      else if (firing.length > 0) this.#refresh(lane, firing, now);
    }
  }

  /** Sends all that waits, whether it is due or not, and waits for that. Never rejects. */
  async flush(): Promise<void> {
    await Promise.all(
      this.#enabled().map(async (lane) => {
        await lane.sending;
        for (const notice of lane.outbox.save()) await this.#send(lane, notice);
      }),
    );
  }

  /** Sends a notice to every channel at once, past the outbox; what came of each. */
  async try(notice: AlertNotice): Promise<{ name: string; error: string | undefined }[]> {
    return await Promise.all(
      this.#enabled().map(async (lane) => ({
        name: lane.channel.name,
        error: (await this.#attempt(lane, notice))?.message,
      })),
    );
  }

  /** What waits, for the next life. */
  save(): Record<string, AlertNotice[]> {
    return Object.fromEntries(this.#lanes.map(({ channel, outbox }) => [channel.name, outbox.save()]));
  }

  /** Takes up what an earlier life could not deliver. */
  restore(kept: Readonly<Record<string, readonly AlertNotice[]>>): void {
    this.#kept = kept;
    for (const { channel, outbox } of this.#enabled())
      for (const notice of kept[channel.name] ?? []) outbox.add(notice, this.clock.now());
    if (this.#lanes.length > 0) this.#kept = {};
  }

  #enabled(): readonly Lane[] {
    return this.#lanes.filter(({ channel }) => channel.enabled);
  }

  #send(lane: Lane, notice: AlertNotice): Promise<void> {
    lane.sending = this.#deliver(lane, notice).finally(() => {
      lane.sending = undefined;
    });
    return lane.sending;
  }

  async #deliver(lane: Lane, notice: AlertNotice): Promise<void> {
    const { channel, outbox } = lane;
    const fault = await this.#attempt(lane, notice);
    const old = this.clock.wall() - notice.at > OLDEST_MS;
    if (fault === undefined) outbox.done(notice.id);
    else if (fault.final || old) {
      outbox.done(notice.id);
      this.metrics.notice(channel.name, 'dropped');
    } else outbox.failed(notice.id, this.clock.now());
  }

  async #attempt(lane: Lane, notice: AlertNotice): Promise<DeliveryFault | undefined> {
    const { channel } = lane;
    const told = { channel: channel.name, notice: notice.id, alerts: notice.alerts.map(({ name }) => name) };
    try {
      await channel.send(notice, AbortSignal.timeout(SEND_MS));
    } catch (error) {
      const fault = error instanceof DeliveryFault ? error : new DeliveryFault('it could not be sent');
      lane.lastError = fault.message;
      this.metrics.notice(channel.name, 'failed');
      this.log.warn({ event: 'alert_failed', ...told }, `an alert could not be delivered: ${fault.message}`);
      return fault;
    }
    lane.lastSuccess = this.clock.wall();
    lane.lastError = undefined;
    lane.refreshedAt = this.clock.now();
    this.metrics.notice(channel.name, 'sent');
    this.log.info({ event: 'alert_sent', ...told }, 'an alert was delivered');
    return undefined;
  }

  #refresh(lane: Lane, firing: readonly Alert[], now: number): void {
    const { channel } = lane;
    if (channel.refresh === undefined || now - lane.refreshedAt < (channel.refreshMs ?? Infinity)) return;
    lane.refreshedAt = now;
    lane.sending = channel
      .refresh(firing, AbortSignal.timeout(SEND_MS))
      .catch((error: unknown) => {
        lane.lastError = error instanceof DeliveryFault ? error.message : 'it could not be sent';
        this.metrics.notice(channel.name, 'failed');
      })
      .finally(() => {
        lane.sending = undefined;
      });
  }
}
