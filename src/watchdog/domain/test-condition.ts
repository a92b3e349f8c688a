import { type Condition } from './node-state.js';

/** A condition for specs. */
export function conditionOf(changes: Partial<Condition> = {}): Condition {
  return {
    name: 'event_loop',
    severity: 'degraded',
    reason: 'The node is busy.',
    cause: 'local_overload',
    evidence: {},
    notReady: false,
    urgent: false,
    restartCures: false,
    healable: true,
    since: 0,
    ...changes,
  };
}
