import { Injectable } from '@nestjs/common';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { Circuits } from './circuits.service.js';
import { failing, failingText } from './domain/circuit/circuit-trouble.js';

/** Targets that are given a rest because they fail; half open counts as open. */
@vitals.contribute()
@Injectable()
export class CircuitsVital implements Vital {
  readonly name = 'circuits';

  constructor(private readonly circuits: Circuits) {}

  read(): Finding | undefined {
    const [worst, ...others] = failing(this.circuits.views());
    if (worst === undefined) return undefined;
    const standIn = this.circuits.standIn(worst);
    return {
      severity: 'degraded',
      cause: 'upstream_outage',
      // It is a repair by itself, and stays open for a while after what it protects from has been cured.
      healable: false,
      evidence: { open: others.length + 1, worst: worst.name, remaining_ms: Math.round(worst.remainingMs ?? 0) },
      reason: failingText(worst, others.length),
      ...(standIn === undefined ? {} : { doing: `Answers come from ${standIn}.` }),
      ...(worst.state === 'open' && worst.nextProbeAt !== undefined ? { nextTryAt: worst.nextProbeAt } : {}),
    };
  }
}
