import { Global, Module } from '@nestjs/common';
import { HistoryController } from './history/history.controller.js';
import { History } from './history/history.service.js';
import { HistoryRecorder } from './history/history-recorder.service.js';
import { Recent } from './history/recent.service.js';
import { RecentController } from './history/recent.controller.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics.registry.js';
import { MetricsPush } from './push/push.service.js';
import { RequestMetrics } from './request.metrics.js';

/** Counts and exposes what the node does. */
@Global()
@Module({
  controllers: [MetricsController, HistoryController, RecentController],
  providers: [MetricsRegistry, RequestMetrics, HistoryRecorder, History, Recent, MetricsPush],
  exports: [MetricsRegistry, RequestMetrics, HistoryRecorder, Recent],
})
export class MetricsModule {}
