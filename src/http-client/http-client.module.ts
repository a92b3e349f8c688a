import { Module } from '@nestjs/common';
import { ResilienceModule } from '../resilience/index.js';
import { ConnectionPool } from './connection-pool.js';
import { RecyclePoolStep } from './heal/recycle-pool.heal-step.js';
import { HttpClientMetrics } from './http-client.metrics.js';
import { HttpClientService } from './http-client.service.js';

/** The outbound connections: pool generations, error counting, the buffered client. */
@Module({
  imports: [ResilienceModule],
  providers: [ConnectionPool, HttpClientMetrics, HttpClientService, RecyclePoolStep],
  exports: [ConnectionPool, HttpClientService],
})
export class HttpClientModule {}
