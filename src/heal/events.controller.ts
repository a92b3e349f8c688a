import { Controller, Get, Query, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { AdminGuard } from '../platform/admin.guard.js';
import { lastSeen } from './domain/event-text.js';
import { LiveEvents } from './live-events.service.js';

/** `GET /self/events`: what happens to the node, as it happens. */
@Controller('self/events')
@UseGuards(AdminGuard)
export class EventsController {
  constructor(private readonly events: LiveEvents) {}

  /** A browser that comes back says in a header what it has seen; tools that cannot set one say it in the address. */
  @Get()
  async follow(
    @Req() request: Request,
    @Res() response: Response,
    @Query('last_event_id') fromQuery: unknown,
  ): Promise<void> {
    const inAddress = typeof fromQuery === 'string' || fromQuery === undefined ? fromQuery : 'several';
    await this.events.serve(response, lastSeen(request.get('last-event-id') ?? inAddress));
    if (request.method === 'HEAD') response.end();
  }
}
