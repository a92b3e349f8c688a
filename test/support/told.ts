import { expect } from 'vitest';
import { parseFaultPlan } from '../../src/simulator/index.js';
import { type Stage } from './boot.js';

/** What a node says of itself. */
export interface ToldHealth {
  readonly status: string;
  readonly state: string;
  readonly situation: string;
  readonly summary: string;
  readonly headline: string;
}

/** What `GET /health` says now. */
export async function told(url: string): Promise<ToldHealth> {
  return (await (await fetch(`${url}/health`)).json()) as ToldHealth;
}

/** Waits until the node has opened its memory store, which it does beside everything else. */
export async function settled(url: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/health/ready`)).status).toBe(200);
}

/** Breaks the simulator of a stage by a plan of faults. */
export function breakDown(stage: Stage, ...faults: object[]): void {
  const { plan, problems } = parseFaultPlan({ faults });
  if (plan === undefined) throw new Error(problems.join('\n'));
  stage.simulator.faults.set(plan);
}

/** Lets the simulator of a stage be well again. */
export function mend(stage: Stage): void {
  stage.simulator.faults.clear();
}
