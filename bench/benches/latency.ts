import { type Bench, type Findings, type Section, type Stage } from '../bench.js';
import { FORMS } from '../load/request-forms.js';
import { type Comparison, interleave } from '../report/comparison.js';
import { spreadText } from '../report/table.js';
import { DIRECT, type Target } from '../targets/target.js';

/** Requests per second: far from the limit of any target, so that no queue is measured. */
const RATE = 150;
const REQUESTS = 450;
/** More than are ever busy at this rate; a target that stalls takes them up and its queue counts. */
const CONNECTIONS = 32;

type Metric = 'p50' | 'p99';

/** Time that each target adds to a unary request. */
export const latency: Bench = {
  name: 'latency',
  about: `latency added to a unary request at ${RATE} requests/s, safe from coordinated omission`,
  usual: true,
  async run(stage): Promise<Findings> {
    const title = `:generateContent, 2 kB, ${RATE} requests/s`;
    const found = await interleave(stage, title, (target, warmUp) => measure(stage, target, warmUp));
    const names = (await stage.targets()).map(({ name }) => name);
    return { sections: [section(title, found, names)], verdicts: [] };
  },
};

async function measure(stage: Stage, target: Target, warmUp: boolean): Promise<Record<Metric, number>> {
  const load = await stage.load();
  const requests = warmUp ? REQUESTS / 3 : REQUESTS;
  const { port } = target;
  const { latency: found } = await load.run({
    ...{ kind: 'open', port, request: FORMS.native, connections: CONNECTIONS, rate: RATE, requests },
  });
  return { p50: found!.p50, p99: found!.p99 };
}

function section(title: string, found: Comparison<Metric>, targets: readonly string[]): Section {
  const rows = targets.map((name) => [
    name,
    spreadText(found.spread(name, 'p50'), 2),
    name === DIRECT ? '–' : spreadText(found.against(DIRECT, name, 'p50', 'difference'), 2),
    spreadText(found.spread(name, 'p99'), 2),
    name === DIRECT ? '–' : spreadText(found.against(DIRECT, name, 'p99', 'difference'), 2),
  ]);
  return {
    title: `Latency, ms: ${title}, from the time each request was due`,
    table: [['target', 'p50', 'added, p50', 'p99', 'added, p99'], ...rows],
    data: found,
  };
}
