import { type Section, type Stage } from './bench.js';
import { LoadGenerator } from './load/generator.js';
import { type Options } from './options.js';
import { memoryOf } from './processes/cost.js';
import { Household } from './processes/household.js';
import { Progress } from './report/progress.js';
import { startTargets } from './targets/start-targets.js';
import { type Target } from './targets/target.js';

/** The stage of a run; nothing runs on it until it is asked for. */
export class RunningStage implements Stage {
  readonly progress = new Progress();
  readonly household = new Household();
  #targets: Promise<readonly Target[]> | undefined;
  #load: Promise<LoadGenerator> | undefined;

  constructor(readonly options: Options) {}

  targets(): Promise<readonly Target[]> {
    return (this.#targets ??= startTargets(this.household, this.progress, this.options.compare));
  }

  load(): Promise<LoadGenerator> {
    return (this.#load ??= LoadGenerator.start(this.household));
  }

  /** Memory of the targets as they are now; undefined when none was started. */
  async memory(): Promise<Section | undefined> {
    if (this.#targets === undefined) return undefined;
    const rows: { target: string; now: number; peak: number }[] = [];
    for (const { name, pid } of await this.#targets) {
      if (pid !== undefined) rows.push({ target: name, ...memoryOf(pid) });
    }
    return {
      title: 'Memory after the run, MiB',
      table: [
        ['target', 'resident', 'highest'],
        ...rows.map(({ target, now, peak }) => [target, now.toFixed(0), peak.toFixed(0)]),
      ],
      data: rows,
    };
  }

  async close(): Promise<void> {
    this.progress.stop();
    await this.household.close();
  }
}
