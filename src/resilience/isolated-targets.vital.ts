import { Injectable } from '@nestjs/common';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { Circuits } from './circuits.service.js';
import { isolated, isolatedText } from './domain/circuit/circuit-trouble.js';

/** Targets that an operator has taken out: somebody wants it so, and everybody should know. */
@vitals.contribute()
@Injectable()
export class IsolatedTargetsVital implements Vital {
  readonly name = 'isolated_targets';

  constructor(private readonly circuits: Circuits) {}

  read(): Finding | undefined {
    const [first, ...others] = isolated(this.circuits.views());
    if (first === undefined) return undefined;
    return {
      severity: 'degraded',
      cause: 'configuration',
      healable: false,
      kind: 'isolated',
      evidence: { isolated: others.length + 1, first: first.name },
      reason: isolatedText(first, others.length),
      advice: `POST /self/circuits/${first.name}/release gives it back.`,
    };
  }
}
