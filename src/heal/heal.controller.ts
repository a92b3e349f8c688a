import { Body, Controller, Get, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common';
import { type Response } from 'express';
import { closestName } from '../kernel/closest-name.js';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { type HealRun } from './heal-run.js';
import { HealService } from './heal.service.js';

/** What a heal by hand may do: everything but leave the process. */
const LEVEL = 'medium';

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
    const { dry_run: dryRun, ...options } = this.#options({ ...query, ...body });
    if (dryRun === true) return this.#plan(options);
    const run: HealRun = await this.heal.run({ level: LEVEL, options, by: 'admin', reason: 'Asked for by hand.' });
    if (run.status === 'FAILED') response.status(500);
    return run;
  }

  @Get('plan')
  plan(@Query() query: Record<string, unknown>): unknown {
    const options = this.#options(query);
    delete options['dry_run'];
    return this.#plan(options);
  }

  #plan(options: Record<string, boolean>): unknown {
    const planned = this.heal.plan({ level: LEVEL, options, by: 'admin' });
    const shown = planned.map(({ step, runs, reason }) => ({
      name: step.name,
      level: step.level,
      runs,
      reason,
      option: step.option ?? null,
      cures: step.cures,
      before: step.state(),
    }));
    return {
      dry_run: true,
      cause: this.heal.complaints()[0]?.cause ?? null,
      steps: shown.filter(({ runs }) => runs),
      left_out: shown.filter(({ runs }) => !runs),
    };
  }

  #options(values: Record<string, unknown>): Record<string, boolean> {
    const known = ['dry_run', ...this.heal.options];
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (!known.includes(name)) throw unknownOption(name.slice(0, 60), known);
        if (value === true || value === 'true') return [name, true];
        if (value === false || value === 'false') return [name, false];
        throw gatewayError('BAD_REQUEST', `${name} is neither true nor false.`, { param: name });
      }),
    );
  }
}

function unknownOption(name: string, known: readonly string[]): Error {
  const near = closestName(name, known);
  const hint = near === undefined ? `Options are ${known.join(', ')}.` : `Did you mean ${near}?`;
  return gatewayError('BAD_REQUEST', `There is no option ${name}. ${hint}`, { param: name });
}
