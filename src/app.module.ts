import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import { AlertsModule } from './alerts/index.js';
import { ApiDocsModule } from './api-docs/index.js';
import { DashboardModule } from './dashboard/index.js';
import { GeminiModule } from './gemini/index.js';
import { HealModule } from './heal/index.js';
import { HttpClientModule } from './http-client/index.js';
import { MemoryModule } from './memory/index.js';
import { MetricsModule } from './metrics/index.js';
import { PlatformModule, type PlatformParts } from './platform/platform.module.js';
import { ResilienceModule } from './resilience/index.js';
import { SimulatorModule } from './simulator/index.js';
import { TracingModule } from './tracing/index.js';
import { WatchdogModule } from './watchdog/index.js';

/** Validated settings by group name. */
export type SettingsValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The list of modules and nothing else. */
@Module({})
export class AppModule {
  static with(values: SettingsValues, parts: PlatformParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          ignoreEnvFile: true,
          load: Object.entries(values).map(([name, group]) => registerAs(name, () => ({ ...group }))),
        }),
        PlatformModule.forRoot(parts),
        MetricsModule,
        TracingModule,
        HealModule,
        WatchdogModule,
        AlertsModule,
        ResilienceModule,
        HttpClientModule,
        MemoryModule,
        SimulatorModule,
        GeminiModule,
        DashboardModule,
        ApiDocsModule,
      ],
    };
  }
}
