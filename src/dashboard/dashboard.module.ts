import { Module } from '@nestjs/common';
import { WatchdogModule } from '../watchdog/index.js';
import { PageController } from './page.controller.js';
import { PageAssets } from './page-assets.js';
import { PageFactsService } from './page-facts.service.js';

/** The page that people see first. */
@Module({
  imports: [WatchdogModule],
  controllers: [PageController],
  providers: [PageAssets, PageFactsService],
})
export class DashboardModule {}
