import { type Stage } from '../bench.js';
import { type Target } from '../targets/target.js';
import { type Spread, spreadOf } from './statistics.js';

/** What one measurement of one target in one round gave, by name of the metric. */
export type Sample<M extends string> = Readonly<Record<M, number>>;

/** How two values of one round are held against each other. */
export type Relation = 'ratio' | 'difference';

/** The samples of all targets under one workload, round by round. */
export class Comparison<M extends string> {
  readonly #samples = new Map<string, Sample<M>[]>();

  /** Adds what a target showed in the round that is running. */
  add(target: string, sample: Sample<M>): void {
    const known = this.#samples.get(target);
    if (known === undefined) this.#samples.set(target, [sample]);
    else known.push(sample);
  }

  /** Median and range of one metric of one target over the rounds. */
  spread(target: string, metric: M): Spread {
    return spreadOf(this.#values(target, metric));
  }

  /**
   * Median and range of a target held against another one of the same round: what disturbs
   * the machine for longer than a round disturbs both and cancels out.
   */
  against(base: string, target: string, metric: M, relation: Relation): Spread {
    const bases = this.#values(base, metric);
    const pairs = this.#values(target, metric).map((value, round) => {
      const other = bases[round] ?? Number.NaN;
      return relation === 'ratio' ? value / other : value - other;
    });
    return spreadOf(pairs);
  }

  /** Every sample, for `--json`. */
  toJSON(): Record<string, readonly Sample<M>[]> {
    return Object.fromEntries(this.#samples);
  }

  #values(target: string, metric: M): number[] {
    return (this.#samples.get(target) ?? []).map((sample) => sample[metric]);
  }
}

/** Measures all targets at the same time, round after round, those of which there is a process to be measured: what disturbs the machine disturbs all alike. */
export async function sideBySide<M extends string>(
  stage: Stage,
  workload: string,
  measure: (targets: readonly Target[]) => Promise<readonly Sample<M>[]>,
): Promise<Comparison<M>> {
  const { progress, options } = stage;
  const targets = (await stage.targets()).filter(({ pid }) => pid !== undefined);
  const comparison = new Comparison<M>();
  for (let round = 0; round <= options.rounds; round++) {
    progress.line(`${workload}: ${round === 0 ? 'warm-up' : `round ${round}/${options.rounds}`}`);
    const samples = await measure(targets);
    if (round > 0) for (const [index, sample] of samples.entries()) comparison.add(targets[index]!.name, sample);
  }
  return comparison;
}

/** Measures every target in turn, round after round: A B C A B C … */
export async function interleave<M extends string>(
  stage: Stage,
  workload: string,
  measure: (target: Target, warmUp: boolean) => Promise<Sample<M>>,
): Promise<Comparison<M>> {
  const { progress, options } = stage;
  const targets = await stage.targets();
  const comparison = new Comparison<M>();
  for (let round = 0; round <= options.rounds; round++) {
    const warmUp = round === 0;
    progress.start(`${workload}: ${warmUp ? 'warm-up' : `round ${round}/${options.rounds}`}:`);
    for (const target of targets) {
      progress.step(target.name);
      const sample = await measure(target, warmUp);
      if (!warmUp) comparison.add(target.name, sample);
    }
    progress.end();
  }
  return comparison;
}
