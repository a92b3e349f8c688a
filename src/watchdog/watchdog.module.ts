import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { LoopDelayVital } from './loop-delay.vital.js';
import { NodeHealth } from './node-health.service.js';
import { RequestErrorInterceptor } from './request-error.interceptor.js';
import { Watchdog } from './watchdog.service.js';

/** Watches the node: counts request errors, reads vitals, answers probes. */
@Module({
  imports: [ScheduleModule.forRoot(), TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [NodeHealth, LoopDelayVital, Watchdog, { provide: APP_INTERCEPTOR, useClass: RequestErrorInterceptor }],
  exports: [NodeHealth],
})
export class WatchdogModule {}
