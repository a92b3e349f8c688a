import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { type Clock, systemClock } from '../kernel/clock.js';
import { AdminGuard } from './admin.guard.js';
import { ClientAccess, ClientGuard } from './client-access.js';
import { LOG, type Log, logFields } from './logging.js';
import { CLOCK } from './platform.tokens.js';
import { ProblemFilter } from './problem.filter.js';
import { identityOf } from './request-context.js';
import { RequestEvents } from './request-events.js';

/** What the whole node shares: clock, log, request events, access rules and the error filter. */
@Global()
@Module({})
export class PlatformModule {
  /** @param log the process's logger, made before Nest so that start-up failures are logged too */
  static forRoot(log: Log, clock: Clock = systemClock): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        DiscoveryModule,
        LoggerModule.forRoot({
          pinoHttp: {
            logger: log,
            autoLogging: false,
            genReqId: (request) => identityOf(request).requestId,
            customProps: (request) => logFields(identityOf(request)),
          },
        }),
      ],
      providers: [
        { provide: LOG, useValue: log },
        { provide: CLOCK, useValue: clock },
        { provide: APP_FILTER, useClass: ProblemFilter },
        RequestEvents,
        AdminGuard,
        ClientAccess,
        ClientGuard,
      ],
      exports: [LOG, CLOCK, DiscoveryModule, RequestEvents, AdminGuard, ClientAccess, ClientGuard],
    };
  }
}
