import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { gatewayError } from '../kernel/error-codes.js';
import { LOG, type Log } from '../platform/logging.js';
import { type SettingsOf } from '../platform/settings.js';
import { type FaultController } from './fault-controller.js';
import { loadFaultPlan } from './load-fault-plan.js';
import { type RunningSimulator, startSimulator } from './server.js';
import { simulatorSettings } from './simulator.settings.js';

/** The simulator of this node, if it was started. */
@Injectable()
export class Simulator implements OnApplicationShutdown {
  #running: RunningSimulator | undefined;

  constructor(
    @Inject(simulatorSettings.KEY) private readonly settings: SettingsOf<typeof simulatorSettings>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Address of the running simulator, without a slash at the end. */
  get url(): string {
    if (this.#running === undefined) throw new Error('the simulator is not running');
    return this.#running.url;
  }

  /** The faults of the running simulator. Throws CONFLICT when it does not run. */
  get faults(): FaultController {
    if (this.#running === undefined) {
      throw gatewayError('CONFLICT', 'The simulator is not the upstream of this node, so there is nothing to break.');
    }
    return this.#running.faults;
  }

  /** Starts it, once; `projects` tells which project a key belongs to. Throws when the file of faults is not valid. */
  async start(projects: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.#running !== undefined) return;
    const { port, wordDelayMs, faultsFile } = this.settings;
    this.#running = await startSimulator({ port, wordDelayMs, requireKey: false, projects });
    this.log.warn(
      { event: 'simulator_started', upstream: 'simulator' },
      'no Gemini key: answers come from the built-in simulator, not from Gemini; set GEMINI_API_KEY to change that',
    );
    if (faultsFile === '') return;
    const { plan, problems } = await loadFaultPlan(faultsFile);
    if (plan === undefined) throw new Error(`SIMULATOR_FAULTS: ${problems.join('; ')}`);
    this.#running.faults.set(plan);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#running?.close();
  }
}
