import { Injectable } from '@nestjs/common';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { Gateway } from './gateway.js';

/** A call that has not ended so long after its deadline is stuck, ms: a busy event loop is never that late. */
const STUCK_MS = 30_000;

/** Calls that go on past their own deadline, which ends every call: the node has lost hold of them. */
@vitals.contribute()
@Injectable()
export class StuckCallsVital implements Vital {
  readonly name = 'stuck_calls';

  constructor(private readonly gateway: Gateway) {}

  read(): Finding | undefined {
    const late = this.gateway.lateBy(STUCK_MS);
    if (late.length === 0) return undefined;
    const seconds = Math.round(late.reduce((most, ms) => Math.max(most, ms), 0) / 1000);
    const calls = late.length === 1 ? 'One call has' : `${late.length} calls have`;
    return {
      severity: 'degraded',
      cause: 'internal_fault',
      evidence: { stuck: late.length, oldest_seconds_late: seconds },
      reason: `${calls} not ended at the deadline, the oldest is ${seconds} s late: a fault of the node.`,
      restartCures: true,
    };
  }
}
