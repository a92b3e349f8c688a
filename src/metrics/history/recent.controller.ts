import { Controller, Get, Header, Inject, Query, UseGuards } from '@nestjs/common';
import { SchemaPipe } from '../../platform/schema.pipe.js';
import { MetricsGuard } from '../metrics.guard.js';
import { recentQuery, type RecentQuery } from './history.requests.js';
import { Recent, type RecentAnswer } from './recent.service.js';

/** `GET /metrics/recent`: what the last five minutes were like, cheap enough to be asked every few seconds. */
@Controller('metrics/recent')
@UseGuards(MetricsGuard)
export class RecentController {
  constructor(@Inject(Recent) private readonly recent: Recent) {}

  @Get()
  @Header('cache-control', 'no-store')
  async now(@Query(new SchemaPipe(recentQuery)) { series }: RecentQuery): Promise<RecentAnswer> {
    return await this.recent.now(series);
  }
}
