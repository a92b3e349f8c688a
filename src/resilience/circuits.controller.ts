import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { gatewayError } from '../kernel/error-codes.js';
import { AdminGuard } from '../platform/admin.guard.js';
import { SchemaPipe } from '../platform/schema.pipe.js';
import { Circuits } from './circuits.service.js';
import { type Circuit } from './domain/circuit/circuit.js';
import { type CircuitView } from './domain/circuit/circuit-view.js';
import { type RecordView } from './domain/record/target-record.js';

const isolation = z.object({ reason: z.string().min(1).max(200).optional() });

/** `/self/circuits`: what is refused and why, and the operator's hand on it. */
@Controller('self/circuits')
@UseGuards(AdminGuard)
export class CircuitsController {
  constructor(private readonly circuits: Circuits) {}

  @Get()
  list(): { circuits: unknown[] } {
    return { circuits: this.circuits.views().map((view) => this.#shown(view)) };
  }

  @Post(':name/isolate')
  @HttpCode(200)
  isolate(
    @Param('name') name: string,
    @Body(new SchemaPipe(isolation)) { reason }: z.infer<typeof isolation>,
  ): unknown {
    const circuit = this.#find(name);
    circuit.isolate(reason);
    return this.#shown(circuit.view());
  }

  @Post(':name/release')
  @HttpCode(200)
  release(@Param('name') name: string): unknown {
    const circuit = this.#find(name);
    circuit.release();
    return this.#shown(circuit.view());
  }

  @Post(':name/reset')
  @HttpCode(200)
  reset(@Param('name') name: string): unknown {
    const circuit = this.#find(name);
    circuit.reset();
    return this.#shown(circuit.view());
  }

  #shown(view: CircuitView): Record<string, unknown> {
    return { ...shown(view), ...recordShown(this.circuits.record(view.name)) };
  }

  #find(name: string): Circuit {
    const circuit = this.circuits.find(name);
    if (circuit === undefined)
      throw gatewayError('NOT_FOUND', 'There is no circuit of this name. GET /self/circuits lists them.');
    return circuit;
  }
}

/** A circuit under the names of the API; spans in seconds, times in ISO. */
function shown(view: CircuitView): Record<string, unknown> {
  const { name, state, since, reason, remainingMs, nextProbeAt, probesInFlight, counts, totals } = view;
  return {
    name,
    state,
    since: new Date(since).toISOString(),
    reason: reason === undefined ? null : { rule: reason.rule, cause: reason.cause ?? null },
    remaining_seconds: remainingMs === undefined ? null : Math.ceil(remainingMs / 1000),
    next_probe_at: nextProbeAt === undefined ? null : new Date(nextProbeAt).toISOString(),
    probes_in_flight: probesInFlight,
    counts: {
      calls: counts.calls,
      failures: counts.failures,
      slow: counts.slow,
      consecutive_failures: counts.consecutiveFailures,
    },
    totals: { opened: totals.opened, rejected: totals.rejected, lost_probes: totals.lostProbes },
  };
}

/** How a target has done, under the names of the API. */
function recordShown({ lastSuccessAt, p95Ms, callsPerMinute, hours }: RecordView): Record<string, unknown> {
  return {
    last_success_at: lastSuccessAt === undefined ? null : new Date(lastSuccessAt).toISOString(),
    p95_ms: p95Ms === undefined ? null : Math.round(p95Ms),
    calls_per_minute: callsPerMinute,
    hours: hours.map((hour) =>
      hour === undefined
        ? null
        : {
            at: new Date(hour.at).toISOString(),
            calls: hour.calls,
            failures: hour.failures,
            refusals: hour.refusals,
            out_seconds: Math.round(hour.outMs / 1000),
          },
    ),
  };
}
