import { Module } from '@nestjs/common';
import { HealModule } from '../heal/index.js';
import { ResilienceModule } from '../resilience/index.js';
import { ConnectionPool } from './connection-pool.js';
import { RecyclePoolStep } from './heal/recycle-pool.heal-step.js';
import { HttpClientMetrics } from './http-client.metrics.js';
import { HttpClientService } from './http-client.service.js';
import { PoolRecycling } from './pool-recycling.service.js';
import { WatchdogModule } from '../watchdog/index.js';

/** The outbound connections: pool generations, error counting, the buffered client. */
@Module({
  imports: [HealModule, WatchdogModule, ResilienceModule],
  providers: [ConnectionPool, HttpClientMetrics, HttpClientService, PoolRecycling, RecyclePoolStep],
  exports: [ConnectionPool, HttpClientService],
})
export class HttpClientModule {}
