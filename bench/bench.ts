import { type Options } from './options.js';
import { type LoadGenerator } from './load/generator.js';
import { type Household } from './processes/household.js';
import { type Progress } from './report/progress.js';
import { type Target } from './targets/target.js';

/** What a benchmark works with. Expensive parts are started when they are first asked for. */
export interface Stage {
  readonly options: Options;
  readonly progress: Progress;
  /** Every process of the run; they end with it. */
  readonly household: Household;
  /** The targets that are compared, all running, always in the same order. */
  targets(): Promise<readonly Target[]>;
  /** The process that makes the load. */
  load(): Promise<LoadGenerator>;
}

/** One table of a report. */
export interface Section {
  readonly title: string;
  /** Rows of cells; the first is the head. */
  readonly table: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes?: readonly string[];
  /** The numbers behind the table, for `--json`. */
  readonly data?: unknown;
}

/** Whether a target that was set is met. */
export interface Verdict {
  readonly met: boolean;
  readonly text: string;
}

/** What a benchmark found. */
export interface Findings {
  readonly sections: readonly Section[];
  readonly verdicts: readonly Verdict[];
}

/** One benchmark: a file in `benches/` and a line in `benches.ts`. */
export interface Bench {
  /** Name on the command line. */
  readonly name: string;
  /** What it measures, in a few words. */
  readonly about: string;
  /** False when it runs only if asked for by name. */
  readonly usual: boolean;
  run(stage: Stage): Promise<Findings>;
}
