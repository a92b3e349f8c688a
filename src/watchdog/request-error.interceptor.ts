import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request, type Response } from 'express';
import { type Observable } from 'rxjs';
import { COUNTED_ROUTE } from '../platform/counted-route.js';
import { notesOf } from '../platform/request-context.js';
import { endOf } from '../platform/request-end.js';
import { RequestEvents } from '../platform/request-events.js';

/**
 * Counts requests and request errors of Nest routes. It watches the response rather than the
 * handler, so that errors of filters, broken streams and departed clients count as what the
 * client saw. Calls to models bypass Nest and tell the same event themselves.
 */
@Injectable()
export class RequestErrorInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly events: RequestEvents,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = this.reflector.getAllAndOverride<string | undefined>(COUNTED_ROUTE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (route !== undefined && context.getType() === 'http') this.#watch(route, context);
    return next.handle();
  }

  #watch(route: string, context: ExecutionContext): void {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const notes = notesOf(request);
    notes.watched = true;
    const since = notes.since ?? performance.now();
    response.on('close', () => {
      this.events.finished.publish(endOf(request, response, { route, since }));
    });
  }
}
