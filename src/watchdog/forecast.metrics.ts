import { Inject, Injectable } from '@nestjs/common';
import { metricSources, type MetricSource, MetricsRegistry, type SeedPart } from '../metrics/index.js';
import { Forecasts } from './forecasts.service.js';

/** Tells what is forecast; the figures are those of the node's vitals. What is not known has no sample. */
@metricSources.contribute()
@Injectable()
export class ForecastMetrics implements MetricSource {
  readonly name = 'forecast';

  constructor(@Inject(MetricsRegistry) registry: MetricsRegistry, @Inject(Forecasts) forecasts: Forecasts) {
    registry.gauge({
      name: 'l104_forecast_probability',
      help: 'Share of the observed paces that lead a resource to its limit within FORECAST_HORIZON, 0 to 1; not calibrated. None while it is not known.',
      labelNames: ['figure'],
      collect() {
        this.reset();
        for (const { name: figure, estimate } of forecasts.all())
          if (estimate.kind === 'known') this.set({ figure }, estimate.probability);
      },
    });
    registry.gauge({
      name: 'l104_forecast_limit_seconds',
      help: 'Time until a resource reaches its limit at its median pace; none where it does not within FORECAST_HORIZON.',
      labelNames: ['figure'],
      collect() {
        this.reset();
        for (const { name: figure, estimate } of forecasts.all())
          if (estimate.kind === 'known' && estimate.dueMs !== undefined) this.set({ figure }, estimate.dueMs / 1000);
      },
    });
    registry.gauge({
      name: 'l104_forecast_raised',
      help: 'Whether a resource is forecast to reach its limit, 0 or 1; none while the watchdog is off.',
      labelNames: ['figure'],
      collect() {
        this.reset();
        for (const { name: figure, raised } of forecasts.all()) this.set({ figure }, Number(raised));
      },
    });
  }

  seed(): SeedPart {
    return {};
  }
}
