import { Module } from '@nestjs/common';
import { AdminAudit } from './admin-audit.service.js';
import { EventsController } from './events.controller.js';
import { HealProgress } from './heal-progress.js';
import { HealController } from './heal.controller.js';
import { HealMetrics } from './heal.metrics.js';
import { HealService } from './heal.service.js';
import { JournalController } from './journal.controller.js';
import { LiveEvents } from './live-events.service.js';
import { Journal } from './journal.service.js';
import { LeaveProcessStep } from './steps/leave-process.heal-step.js';

/** Repairs in graded steps and the journal of them; the modules that own what is repaired contribute the steps. */
@Module({
  controllers: [HealController, JournalController, EventsController],
  providers: [HealService, HealMetrics, HealProgress, Journal, LiveEvents, AdminAudit, LeaveProcessStep],
  exports: [HealService, Journal, LiveEvents],
})
export class HealModule {}
