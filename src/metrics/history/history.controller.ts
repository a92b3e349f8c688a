import { Controller, Get, Header, Inject, Query, UseGuards } from '@nestjs/common';
import { SchemaPipe } from '../../platform/schema.pipe.js';
import { MetricsGuard } from '../metrics.guard.js';
import { historyQuery, type HistoryQuery } from './history.requests.js';
import { History, type HistoryAnswer, type HistoryList } from './history.service.js';

/** `GET /metrics/history`: how the figures came to be what they are. */
@Controller('metrics/history')
@UseGuards(MetricsGuard)
export class HistoryController {
  constructor(@Inject(History) private readonly history: History) {}

  @Get()
  @Header('cache-control', 'no-store')
  async read(@Query(new SchemaPipe(historyQuery)) query: HistoryQuery): Promise<HistoryList | HistoryAnswer> {
    const { series, ...range } = query;
    return series === undefined ? this.history.list() : await this.history.answer(series, range);
  }
}
