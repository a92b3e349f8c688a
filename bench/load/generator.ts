import { type ChildProcess } from 'node:child_process';
import { type Household } from '../processes/household.js';
import { nextMessage, startWorker } from '../processes/worker.js';
import { type LoadCommand, type LoadResult } from './messages.js';

/** Longest time of one load, ms; the longest planned one takes a tenth of it. */
const LIMIT_MS = 60_000;

/** The process that makes the load, seen from the run. */
export class LoadGenerator {
  private constructor(private readonly child: ChildProcess) {}

  static async start(household: Household): Promise<LoadGenerator> {
    const { child } = await startWorker(household, 'load');
    return new LoadGenerator(child);
  }

  /** Runs one load; rejects when any request failed. One at a time. */
  async run(command: LoadCommand): Promise<LoadResult> {
    const answer = nextMessage<LoadResult>(this.child, 'the load generator', LIMIT_MS);
    this.child.send(command);
    const result = await answer;
    if (result.failure !== undefined)
      throw new Error(`${command.request.path} on port ${command.port}: ${result.failure}`);
    return result;
  }
}
