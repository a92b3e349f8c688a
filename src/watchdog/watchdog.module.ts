import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TerminusModule } from '@nestjs/terminus';
import { HealModule } from '../heal/index.js';
import { AutoHeal } from './auto-heal.service.js';
import { DiagnosisController } from './diagnosis.controller.js';
import { FileDescriptorsVital } from './file-descriptors.vital.js';
import { ForecastMetrics } from './forecast.metrics.js';
import { ForecastsOverview } from './forecasts.overview-part.js';
import { Forecasts } from './forecasts.service.js';
import { FrontDoorVital } from './front-door.vital.js';
import { HealthController } from './health.controller.js';
import { HeapVital } from './heap.vital.js';
import { LoopDelayVital } from './loop-delay.vital.js';
import { NodeHealth } from './node-health.service.js';
import { NodeServer } from './node-server.service.js';
import { NodeOverview } from './node.overview-part.js';
import { OverviewController } from './overview.controller.js';
import { RequestErrorInterceptor } from './request-error.interceptor.js';
import { RequestErrorsVital } from './request-errors.vital.js';
import { ResidentMemoryVital } from './resident-memory.vital.js';
import { RestartBudgetVital } from './restart-budget.vital.js';
import { VitalsOverview } from './vitals.overview-part.js';
import { Watchdog } from './watchdog.service.js';
import { WatchdogVital } from './watchdog.vital.js';

/** Watches the node: counts request errors, reads vitals, answers probes. */
@Module({
  imports: [HealModule, ScheduleModule.forRoot(), TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, DiagnosisController, OverviewController],
  providers: [
    NodeHealth,
    AutoHeal,
    LoopDelayVital,
    HeapVital,
    ResidentMemoryVital,
    NodeServer,
    FileDescriptorsVital,
    FrontDoorVital,
    RequestErrorsVital,
    RestartBudgetVital,
    Watchdog,
    WatchdogVital,
    NodeOverview,
    VitalsOverview,
    Forecasts,
    ForecastMetrics,
    ForecastsOverview,
    { provide: APP_INTERCEPTOR, useClass: RequestErrorInterceptor },
  ],
  exports: [NodeHealth, RequestErrorsVital, Watchdog],
})
export class WatchdogModule {}
