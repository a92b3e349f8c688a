import { Module } from '@nestjs/common';
import { HealModule } from '../heal/index.js';
import { WatchdogModule } from '../watchdog/index.js';
import { AlertsController } from './alerts.controller.js';
import { AlertsState } from './alerts.kept-state.js';
import { AlertsMetrics } from './alerts.metrics.js';
import { Alerts } from './alerts.service.js';
import { AlertmanagerChannel } from './channels/alertmanager.alert-channel.js';
import { LogChannel } from './channels/log.alert-channel.js';
import { SlackChannel } from './channels/slack.alert-channel.js';
import { WebhookChannel } from './channels/webhook.alert-channel.js';
import { Delivery } from './delivery.service.js';

/** Tells people of what they should know before their users tell them; other modules may contribute channels. */
@Module({
  imports: [HealModule, WatchdogModule],
  controllers: [AlertsController],
  providers: [
    Alerts,
    AlertsMetrics,
    AlertsState,
    Delivery,
    AlertmanagerChannel,
    LogChannel,
    SlackChannel,
    WebhookChannel,
  ],
  exports: [Alerts, Delivery],
})
export class AlertsModule {}
