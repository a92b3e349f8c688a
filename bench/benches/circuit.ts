import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type Opossum from 'opossum';
import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { COCKATIEL, othersClosed, othersComposed, othersRejected } from '../circuits/others.js';
import { builtNode, COMPOSED, OPEN, ownClosed, ownComposed, ownRejected, PERMIT } from '../circuits/own.js';
import { BARE, type Subject } from '../circuits/subject.js';
import { Comparison } from '../report/comparison.js';
import { percentile } from '../report/statistics.js';
import { ratioText, spreadText } from '../report/table.js';

/** Calls of one timed batch. */
const CALLS = 50_000;
/** Batches of each subject in one round, in turn with those of the others; the quickest counts, since neighbours only slow. */
const BATCHES = 7;
/** Calls of a batch whose memory is looked at: few enough that the collector does not run in between. */
const WEIGHED_CALLS = 400;
/** So many of them that those which still run uncompiled after a collection are the fewest. */
const WEIGHINGS = 25;

const CLOSED_NS = 200;
const REJECTED_NS = 2000;
const COMPOSED_NS = 1200;
const BYTES = 600;

type Metric = 'ns' | 'bytes';

/** What a circuit breaker costs each call, beside cockatiel and opossum in the same run. */
export const circuit: Bench = {
  name: 'circuit',
  about: 'cost of a circuit breaker per call: closed, rejected, composed; beside cockatiel and opossum',
  usual: true,
  async run(stage): Promise<Findings> {
    const node = await builtNode();
    const breakers: Opossum[] = [];
    try {
      const closed = await measure(stage, 'closed', [BARE, ...ownClosed(node), ...othersClosed(breakers)]);
      const rejected = await measure(stage, 'rejected', [...ownRejected(node), ...(await othersRejected(breakers))]);
      const composed = await measure(stage, 'composed', [BARE, ownComposed(node), ...othersComposed(breakers)]);
      return {
        sections: [
          section('Closed circuit: ns over a bare await, bytes per call', closed, COCKATIEL),
          section('Rejected call: ns, bytes', rejected, 'cockatiel'),
          section(
            'Composed (places, budget, time-out, circuit): ns over a bare await, bytes per call',
            composed,
            'cockatiel',
          ),
        ],
        verdicts: [
          verdict('closed', over(closed, PERMIT), CLOSED_NS, 'ns over a bare await'),
          verdict('rejected', rejected.spread(OPEN, 'ns').median, REJECTED_NS, 'ns'),
          verdict('composed', over(composed, COMPOSED), COMPOSED_NS, 'ns over a bare await'),
          verdict('memory', closed.spread(PERMIT, 'bytes').median, BYTES, 'bytes per call'),
        ],
      };
    } finally {
      for (const breaker of breakers) breaker.shutdown();
    }
  },
};

async function measure(stage: Stage, title: string, subjects: readonly Subject[]): Promise<Comparison<Metric>> {
  const comparison = new Comparison<Metric>();
  const timed: number[][] = [];
  for (const { run } of subjects) await run(CALLS);
  for (let round = 1; round <= stage.options.rounds; round++) {
    stage.progress.start(`circuit, ${title}: round ${round}/${stage.options.rounds}`);
    const quickest = subjects.map(() => Number.POSITIVE_INFINITY);
    for (let batch = 0; batch < BATCHES; batch++) {
      for (const [i, subject] of subjects.entries()) {
        quickest[i] = Math.min(quickest[i]!, await nanoseconds(subject));
      }
    }
    timed.push(quickest);
    stage.progress.end();
  }
  // Weighed after all timing: a forced collection throws away compiled code, and the next batch would pay for it.
  for (const [i, subject] of subjects.entries()) {
    const bytes = await weigh(subject);
    for (const round of timed) comparison.add(subject.name, { ns: round[i]!, bytes });
  }
  return comparison;
}

async function nanoseconds({ run }: Subject): Promise<number> {
  const start = process.hrtime.bigint();
  await run(CALLS);
  return Number(process.hrtime.bigint() - start) / CALLS;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that a call leaves to the collector: the median of some batches, in each of which it does not run. */
async function weigh({ run }: Subject): Promise<number> {
  await run(CALLS);
  const weights: number[] = [];
  for (let batch = 0; batch < WEIGHINGS; batch++) {
    collect();
    const before = process.memoryUsage().heapUsed;
    await run(WEIGHED_CALLS);
    weights.push((process.memoryUsage().heapUsed - before) / WEIGHED_CALLS);
  }
  return percentile(weights, 0.5);
}

function over(found: Comparison<Metric>, name: string): number {
  return found.against(BARE.name, name, 'ns', 'difference').median;
}

function section(title: string, found: Comparison<Metric>, base: string): Section {
  const names = Object.keys(found.toJSON());
  const bareRun = names.includes(BARE.name);
  const rows = names.map((name) => [
    name,
    spreadText(bareRun ? found.against(BARE.name, name, 'ns', 'difference') : found.spread(name, 'ns'), 0),
    name === BARE.name ? '–' : ratioText(found.against(base, name, 'ns', 'ratio')),
    found.spread(name, 'bytes').median.toFixed(0),
  ]);
  return { title, table: [['subject', 'ns', `of ${base}, whole call`, 'bytes'], ...rows], data: found };
}

function verdict(what: string, value: number, limit: number, unit: string): Verdict {
  return { met: value <= limit, text: `circuit, ${what}: ≤ ${limit} ${unit} (${value.toFixed(0)})` };
}
