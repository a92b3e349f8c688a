import { type INestApplication, Inject, Injectable } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import { type RequestHandler } from 'express';
import { COUNTED_ROUTE } from '../platform/counted-route.js';
import { platformSettings } from '../platform/platform.settings.js';
import { noteClient, notesOf } from '../platform/request-context.js';
import { endOf } from '../platform/request-end.js';
import { RequestEvents } from '../platform/request-events.js';
import { type SettingsOf } from '../platform/settings.js';
import { hurry } from '../platform/unread-body.js';
import { Clients } from './clients.service.js';
import { RateLimits } from './rate-limits.service.js';

/** Applies the rate limit to the counted routes of Nest, ahead of whatever reads their bodies. */
@Injectable()
export class RateLimitedRoutes {
  constructor(
    @Inject(platformSettings.KEY) private readonly settings: SettingsOf<typeof platformSettings>,
    private readonly discovery: DiscoveryService,
    private readonly clients: Clients,
    private readonly rates: RateLimits,
    private readonly events: RequestEvents,
  ) {}

  /** To be called before the body parsers are put in place. */
  guard(app: INestApplication): void {
    for (const { metatype } of this.discovery.getControllers()) {
      if (metatype === null) continue;
      const route: unknown = Reflect.getMetadata(COUNTED_ROUTE, metatype);
      const path: unknown = Reflect.getMetadata(PATH_METADATA, metatype);
      // Express compares the path as it compares those of the routes below it.
      if (typeof route === 'string' && typeof path === 'string') app.use(`/${path}`, this.#handler(route));
    }
  }

  #handler(route: string): RequestHandler {
    return (request, response, next) => {
      const client = this.clients.of(request, request.query['key']);
      noteClient(request, client.name);
      const since = performance.now();
      notesOf(request).since = since;
      // Routes are counted by an interceptor, which a request without a key or with a bad body never reaches.
      response.on('close', () => {
        if (notesOf(request).watched !== true) this.events.finished.publish(endOf(request, response, { route, since }));
      });
      const { refusal, headers } = this.rates.take(client, 'other');
      for (let i = 0; i + 1 < headers.length; i += 2)
        response.setHeader(headers[i] as string, headers[i + 1] as string);
      if (refusal === undefined) {
        next();
        return;
      }
      if (!request.complete) hurry(request, this.settings.receiveTimeoutMs);
      next(refusal);
    };
  }
}
