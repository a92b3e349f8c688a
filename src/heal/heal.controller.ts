import { Body, Controller, Get, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common';
import { type Response } from 'express';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { HealService } from './heal.service.js';

/** `POST /self/heal` and the plan it would follow. */
@Controller('self/heal')
@UseGuards(AdminGuard)
export class HealController {
  constructor(private readonly heal: HealService) {}

  @Post()
  @HttpCode(200)
  async run(
    @Query() query: Record<string, unknown>,
    @Body() body: Record<string, unknown> | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    const { dry_run: dryRun, ...options } = booleans({ ...query, ...body });
    if (dryRun === true) return this.#plan(options);
    const run = await this.heal.run({ level: 'medium', options, by: 'admin' });
    if (run.status === 'FAILED') response.status(500);
    return run;
  }

  @Get('plan')
  plan(@Query() query: Record<string, unknown>): unknown {
    const options = booleans(query);
    delete options['dry_run'];
    return this.#plan(options);
  }

  #plan(options: Record<string, boolean>): unknown {
    const steps = this.heal.plan({ level: 'medium', options });
    return {
      dry_run: true,
      steps: steps.map((step) => ({ name: step.name, level: step.level, before: step.state() })),
    };
  }
}

function booleans(values: Record<string, unknown>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (value === true || value === 'true') return [name, true];
      if (value === false || value === 'false') return [name, false];
      throw gatewayError('BAD_REQUEST', `${name.slice(0, 60)} is neither true nor false.`, {
        param: name.slice(0, 60),
      });
    }),
  );
}
