import { expect } from 'vitest';
import { newDatabase, runStatement } from '../../src/memory/test-databases.js';
import { parseFaultPlan, type RunningSimulator, startSimulator } from '../../src/simulator/index.js';
import { type RunningNode } from '../../src/start-node.js';
import { bootNode } from './boot.js';

/** Model that is asked unless another is named. */
const MODEL = 'gemini-2.5-flash';

/** What `GET /self/circuits` tells of one circuit. */
export interface ShownCircuit {
  name: string;
  state: string;
  remaining_seconds: number | null;
  reason: { rule: string; cause: string } | null;
}

/** The lives of one node, one after another on the same store and in front of the same simulator. */
export class Lives {
  #node: RunningNode | undefined;

  private constructor(
    readonly simulator: RunningSimulator,
    /** Address of the database. */
    readonly url: string,
  ) {}

  /** Starts the simulator; no life has begun. */
  static async set(): Promise<Lives> {
    const simulator = await startSimulator({ wordDelayMs: 0 });
    return new Lives(simulator, await newDatabase());
  }

  /** Settings of every life, with these over them. */
  settings(env: Record<string, string> = {}): Record<string, string> {
    return {
      GEMINI_UPSTREAM: 'gemini',
      GEMINI_BASE_URL: this.simulator.url,
      DATABASE_URL: this.url,
      MAX_RETRY_ATTEMPTS: '1',
      STATE_SAVE_INTERVAL: '100ms',
      STATE_WAIT_LIMIT: '20s',
      ...env,
    };
  }

  /** Ends the present life in order, and begins another; its address. */
  async next(env: Record<string, string> = {}): Promise<string> {
    await this.end();
    ({ node: this.#node } = await bootNode(this.settings(env)));
    return this.#node.url;
  }

  /** The node of the present life. */
  get node(): RunningNode {
    if (this.#node === undefined) throw new Error('no life has begun');
    return this.#node;
  }

  /** Ends the present life in order. */
  async end(): Promise<void> {
    await this.#node?.drain();
    this.#node = undefined;
  }

  /** Ends everything. */
  async over(): Promise<void> {
    await this.end();
    await this.simulator.close();
  }

  /** All that is kept of the node's state, as text. */
  async stored(): Promise<string> {
    return JSON.stringify(await runStatement(this.url, 'SELECT * FROM node_state'));
  }

  /** Stores a text as the state of every part that has one. */
  async store(text: string): Promise<void> {
    const rows = ['circuits', 'quota_rests', 'bound_resources', 'target_records'].map(
      (name) => `('${name}', '${text}', 0)`,
    );
    const conflict = 'ON CONFLICT (name) DO UPDATE SET value = excluded.value';
    await runStatement(this.url, `INSERT INTO node_state VALUES ${rows.join()} ${conflict}`);
  }

  /** Makes the simulator answer every call with this fault. */
  fail(fault: object): void {
    const { plan, problems } = parseFaultPlan({ faults: [{ method: '*enerateContent', fault }] });
    if (plan === undefined) throw new Error(problems.join('\n'));
    this.simulator.faults.set(plan);
  }

  /** Makes the simulator refuse every call for a minute, for want of quota. */
  useUp(): void {
    this.fail({ kind: 'error', status: 'RESOURCE_EXHAUSTED', retryDelay: '60s' });
  }

  /** Calls that the simulator has received. */
  get asked(): number {
    return this.simulator.journal.counts.received;
  }

  /** Five failures: the circuit of the model is open. */
  async openCircuit(url: string): Promise<ShownCircuit> {
    this.fail({ kind: 'error', status: 'UNAVAILABLE' });
    for (let i = 0; i < 5; i++) expect((await ask(url)).status).toBe(503);
    const [circuit] = await circuits(url);
    expect(circuit).toMatchObject({ state: 'open', reason: { rule: 'consecutive_failures' } });
    return circuit!;
  }
}

/** Asks a model through the node at this address. */
export function ask(url: string, model = MODEL): Promise<Response> {
  return fetch(`${url}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'clients-own-key' },
    body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
  });
}

/** The circuits of the node at this address. */
export async function circuits(url: string): Promise<ShownCircuit[]> {
  const response = await fetch(`${url}/self/circuits`);
  return ((await response.json()) as { circuits: ShownCircuit[] }).circuits;
}

/** Heals the node at this address. */
export async function heal(url: string): Promise<void> {
  expect((await fetch(`${url}/self/heal`, { method: 'POST' })).status).toBe(200);
}

/** Time for a save that is due, with room for a busy machine, ms. */
export const SAVED_MS = 1500;
