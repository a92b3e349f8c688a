import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import cors from 'cors';
import { serveDocs } from './api-docs/index.js';
import { AppModule } from './app.module.js';
import { type Configuration } from './configuration.js';
import { Drain } from './drain.js';
import { Gateway, Sessions } from './gemini/index.js';
import { StoreHandover } from './memory/index.js';
import { FrontDoorAdapter, type FrontHandler } from './platform/front-door.adapter.js';
import { trustRule } from './platform/forwarded.js';
import { jsonBody } from './platform/json-body.js';
import { Lifecycle } from './platform/lifecycle.js';
import { type Log } from './platform/logging.js';
import { type PlatformParts } from './platform/platform.module.js';
import { answerProtocolErrors } from './platform/protocol-errors.js';
import { identityOf } from './platform/request-context.js';
import { RateLimitedRoutes } from './resilience/index.js';
import { Tracing } from './tracing/index.js';

/** Largest JSON body of the node's own routes, bytes; calls to models have a limit of their own. */
const OWN_ROUTES_BODY_LIMIT = 2 * 1024 * 1024;

/** A node that serves. */
export interface RunningNode {
  /** Address of the node, without a slash at the end. */
  readonly url: string;
  readonly app: NestExpressApplication;
  /** Where its parts ask to leave; who ends the process is set there. */
  readonly lifecycle: Lifecycle;
  /**
   * Serves for the delay, refuses new work, lets running answers finish within the grace, closes everything. Where
   * another process has taken over (`replaced`) nothing is refused, and there is no delay.
   */
  drain(replaced?: boolean): Promise<void>;
}

/** What a node is started with beside its configuration, where that is not what it would take by itself. */
export type StartParts = Partial<Pick<PlatformParts, 'lives' | 'clock'>>;

/** Builds the application, listens, and tells when it serves. Rejects when the port cannot be had. */
export async function startNode(configuration: Configuration, log: Log, parts: StartParts = {}): Promise<RunningNode> {
  const { platform, values, upstream, clientsBringKeys } = configuration;
  const adapter = new FrontDoorAdapter(platform);
  const module = AppModule.with(values, { log, upstream, clientsBringKeys, ...parts });
  const app = await NestFactory.create<NestExpressApplication>(module, adapter, {
    logger: frameworkLog(log),
    abortOnError: false,
    bodyParser: false,
  });
  app.get(RateLimitedRoutes).guard(app);
  app.use(...jsonBody(OWN_ROUTES_BODY_LIMIT));
  const tracing = app.get(Tracing);
  app.use(tracing.follow);
  app.set('etag', false);
  app.set('trust proxy', trustRule(platform.trustProxy));
  if (platform.docsEnabled ?? platform.nodeEnv !== 'production') serveDocs(app);
  const gateway = app.get(Gateway);
  const lifecycle = app.get(Lifecycle);
  adapter.setFront(frontOf({ gateway, lifecycle, tracing, upstream, origins: platform.corsOrigins }));
  lifecycle.start = { step: 'starting the parts of the node', number: 1, of: 2 };
  await app.init();
  const server: Server = app.getHttpServer();
  answerProtocolErrors(server);
  lifecycle.start = { step: `opening port ${platform.port}`, number: 2, of: 2 };
  await app.listen(platform.port, platform.host);
  lifecycle.phase = 'running';
  const { port } = server.address() as AddressInfo;
  const drain = new Drain({ app, server, gateway, lifecycle, log, ...storeParts(app) }, platform);
  return { url: `http://${hostName(platform.host)}:${port}`, app, lifecycle, drain: (replaced) => drain.run(replaced) };
}

function storeParts(app: NestExpressApplication): { sessions: Sessions; store: StoreHandover } {
  return { sessions: app.get(Sessions), store: app.get(StoreHandover) };
}

interface FrontParts {
  readonly gateway: Gateway;
  readonly lifecycle: Lifecycle;
  readonly tracing: Tracing;
  readonly upstream: string;
  readonly origins: readonly string[];
}

/** What every request meets first: CORS where it is on, the calls to models, and the headers of every other answer. */
function frontOf({ gateway, lifecycle, tracing, upstream, origins }: FrontParts): FrontHandler {
  const route: FrontHandler = (request, response) => {
    if (lifecycle.phase === 'draining') response.shouldKeepAlive = false;
    if (gateway.handle(request, response)) return true;
    tracing.arrived(request);
    const { requestId, traceparent } = identityOf(request);
    response.setHeader('x-request-id', requestId);
    response.setHeader('traceparent', traceparent);
    response.setHeader('x-l104-upstream', upstream);
    return false;
  };
  if (origins.length === 0) return route;
  const allow = cors({ origin: origins.includes('*') ? '*' : [...origins], exposedHeaders: EXPOSED_HEADERS });
  return (request: IncomingMessage, response: ServerResponse) => {
    let taken = true;
    // A preflight is answered there; anything else goes on, in the same turn.
    allow(request, response, () => {
      taken = route(request, response);
    });
    return taken;
  };
}

const EXPOSED_HEADERS = [
  'x-request-id',
  'x-l104-model',
  'x-l104-attempts',
  'x-l104-healing',
  'age',
  'retry-after',
  'retry-after-ms',
  'ratelimit',
  'ratelimit-policy',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'server-timing',
];

/** Nest's own start messages are of interest only when something is wrong. */
function frameworkLog(log: Log): LoggerService {
  const fields = (context: unknown): { context?: string } => (typeof context === 'string' ? { context } : {});
  return {
    log: (message: unknown, context?: unknown) => {
      log.debug(fields(context), String(message));
    },
    warn: (message: unknown, context?: unknown) => {
      log.warn(fields(context), String(message));
    },
    error: (message: unknown, _stack?: unknown, context?: unknown) => {
      log.error(fields(context), String(message));
    },
  };
}

function hostName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
