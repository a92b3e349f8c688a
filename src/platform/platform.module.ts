import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { type Clock, systemClock } from '../kernel/clock.js';
import { AccessLog } from './access-log.js';
import { AdminAccess } from './admin-access.js';
import { AdminEvents } from './admin-events.js';
import { AdminSessionController } from './admin-session.controller.js';
import { AdminGuard } from './admin.guard.js';
import { ClientAccess, ClientGuard } from './client-access.js';
import { Lifecycle } from './lifecycle.js';
import { Lives } from './lives.js';
import { LOG, type Log, logFields } from './logging.js';
import { CLIENTS_BRING_KEYS, CLOCK, UPSTREAM_NAME } from './platform.tokens.js';
import { ProblemFilter } from './problem.filter.js';
import { identityOf } from './request-context.js';
import { RequestEvents } from './request-events.js';

/** What the process entry decides before Nest starts. */
export interface PlatformParts {
  /** The process's logger, made first so that failures at start are logged too. */
  readonly log: Log;
  /** Name of the upstream that answers. */
  readonly upstream: string;
  /** Whether clients are served with keys of their own. */
  readonly clientsBringKeys?: boolean;
  readonly clock?: Clock;
  /** The lives of the node so far; without them it remembers none. */
  readonly lives?: Lives;
}

/** What the whole node shares: clock, log, request events, access rules and the error filter. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(parts: PlatformParts): DynamicModule {
    const { log, upstream, clientsBringKeys = false, clock = systemClock, lives = new Lives(undefined) } = parts;
    return {
      module: PlatformModule,
      imports: [
        DiscoveryModule,
        LoggerModule.forRoot({
          forRoutes: [],
          pinoHttp: {
            logger: log,
            autoLogging: false,
            genReqId: (request) => identityOf(request).requestId,
            customProps: (request) => logFields(identityOf(request)),
          },
        }),
      ],
      controllers: [AdminSessionController],
      providers: [
        { provide: LOG, useValue: log },
        { provide: CLOCK, useValue: clock },
        { provide: UPSTREAM_NAME, useValue: upstream },
        { provide: CLIENTS_BRING_KEYS, useValue: clientsBringKeys },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: Lives, useValue: lives },
        RequestEvents,
        AccessLog,
        Lifecycle,
        AdminAccess,
        AdminEvents,
        AdminGuard,
        ClientAccess,
        ClientGuard,
      ],
      exports: [
        LOG,
        CLOCK,
        UPSTREAM_NAME,
        CLIENTS_BRING_KEYS,
        DiscoveryModule,
        RequestEvents,
        Lifecycle,
        Lives,
        AdminAccess,
        AdminEvents,
        AdminGuard,
        ClientAccess,
        ClientGuard,
      ],
    };
  }
}
