import { parseFaultPlan, type RunningSimulator } from '../../src/simulator/index.js';

/** A fault as it is written in a plan. */
export interface KeyedFault {
  readonly fault: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** Number of requests after which it is over. */
  readonly times?: number;
  /** The one dialect that has such a fault. */
  readonly surface?: 'native';
}

/**
 * Makes each fault strike only the calls whose key ends in its name, so that calls with different
 * faults can be in flight at once and none meets what another has left behind.
 */
export function strikeByKey(simulator: RunningSimulator, faults: Readonly<Record<string, KeyedFault>>): void {
  const rules = Object.entries(faults).map(([name, { fault, times, surface }]) => ({
    id: name,
    key: `*:${slug(name)}`,
    fault,
    times,
    surface,
  }));
  const { plan, problems } = parseFaultPlan({ faults: rules });
  if (plan === undefined) throw new Error(problems.join('\n'));
  simulator.faults.set(plan);
}

/** A key that meets the fault of a name; `who` keeps the callers apart. */
export function keyFor(name: string, who: string): string {
  return `${slug(who)}:${slug(name)}`;
}

/** A key travels in a header and may have no spaces. */
function slug(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}
