import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { overviewParts } from './overview-part.js';

/** `GET /self/overview`: the parts of the node in numbers, whether anything is wrong with them or not. */
@Controller('self/overview')
@UseGuards(AdminGuard)
export class OverviewController {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  now(): Record<string, unknown> {
    const parts = overviewParts.collect(this.discovery).map((part) => [part.name, part.read()] as const);
    return { timestamp: new Date(this.clock.wall()).toISOString(), ...Object.fromEntries(parts) };
  }
}
