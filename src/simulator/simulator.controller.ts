import { Body, Controller, Delete, Get, Inject, Put, Query, UseGuards } from '@nestjs/common';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { platformSettings } from '../platform/platform.settings.js';
import { type SettingsOf } from '../platform/settings.js';
import { type FaultReport } from './fault-controller.js';
import { parseFaultPlan } from './fault-plan.schema.js';
import { Simulator } from './simulator.service.js';
import { simulatorSettings } from './simulator.settings.js';

/** `/self/simulator/faults`: breaks the simulator on purpose, to see the node deal with it. */
@Controller('self/simulator/faults')
@UseGuards(AdminGuard)
export class SimulatorController {
  constructor(
    private readonly simulator: Simulator,
    @Inject(simulatorSettings.KEY) private readonly settings: SettingsOf<typeof simulatorSettings>,
    @Inject(platformSettings.KEY) private readonly platform: SettingsOf<typeof platformSettings>,
  ) {}

  @Get()
  show(): FaultReport {
    return this.simulator.faults.describe();
  }

  /** Takes a plan, or a preset with its duration, as JSON or in the query. */
  @Put()
  set(@Body() body: unknown, @Query() query: Record<string, unknown>): FaultReport {
    this.#allow();
    const { plan, problems } = parseFaultPlan(withDuration(query['preset'] === undefined ? body : query));
    if (plan === undefined) throw gatewayError('BAD_REQUEST', problems.join('; '));
    this.simulator.faults.set(plan);
    return this.simulator.faults.describe();
  }

  @Delete()
  clear(): FaultReport {
    this.#allow();
    this.simulator.faults.clear();
    return this.simulator.faults.describe();
  }

  #allow(): void {
    if (this.settings.chaosEnabled ?? this.platform.nodeEnv !== 'production') return;
    throw gatewayError('FORBIDDEN', 'Faults cannot be set here. Set CHAOS_ENABLED=true to allow it.');
  }
}

/** A preset's time may be called `duration`, as in the rest of the API, or `for`, as in a plan. */
function withDuration(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('preset' in document)) return document;
  const { duration, ...rest } = document as Record<string, unknown>;
  return duration === undefined ? rest : { ...rest, for: duration };
}
