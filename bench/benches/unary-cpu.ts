import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { type RequestForm } from '../load/messages.js';
import { FORMS } from '../load/request-forms.js';
import { cpuSeconds } from '../processes/cost.js';
import { type Comparison, interleave } from '../report/comparison.js';
import { ratioText, spreadText } from '../report/table.js';
import { BARE_PROXY, DIRECT, type Target, THIS_NODE } from '../targets/target.js';

const CONNECTIONS = 32;
/** CPU seconds per 1,000 requests that are good enough on any machine. */
const GOOD_SECONDS = 0.2;
/** Good enough where the machine is slow: so many times the bare proxy. */
const GOOD_RATIO = 5;

interface Workload {
  readonly title: string;
  readonly form: RequestForm;
  /** Requests of one round. */
  readonly requests: number;
  /** Whether the target that was set is about it. */
  readonly judged: boolean;
}

const WORKLOADS: readonly Workload[] = [
  { title: ':generateContent, 2 kB', form: FORMS.native, requests: 5000, judged: true },
  { title: '/v1/chat/completions, 2 kB', form: FORMS.chat, requests: 5000, judged: true },
  { title: ':generateContent, 200 kB', form: FORMS.nativeLarge, requests: 1000, judged: false },
];

/** CPU time that one unary request costs each target. */
export const unaryCpu: Bench = {
  name: 'unary-cpu',
  about: `CPU time per 1,000 unary requests at ${CONNECTIONS} connections`,
  usual: true,
  async run(stage): Promise<Findings> {
    const sections: Section[] = [];
    const verdicts: Verdict[] = [];
    for (const workload of WORKLOADS) {
      const found = await interleave(stage, workload.title, (target) => measure(stage, workload, target));
      const names = (await stage.targets()).map(({ name }) => name);
      sections.push(section(workload, found, names));
      if (workload.judged) verdicts.push(verdict(workload, found));
    }
    return { sections, verdicts };
  },
};

type Metric = 'cpu' | 'rate';

/** CPU seconds per 1,000 requests (none for direct calls), and requests per second. */
async function measure(stage: Stage, { form, requests }: Workload, target: Target): Promise<Record<Metric, number>> {
  const load = await stage.load();
  const before = target.pid === undefined ? Number.NaN : cpuSeconds(target.pid);
  const result = await load.run({
    kind: 'closed',
    port: target.port,
    request: form,
    connections: CONNECTIONS,
    requests,
  });
  const used = target.pid === undefined ? Number.NaN : cpuSeconds(target.pid) - before;
  return { cpu: (used / requests) * 1000, rate: (requests / result.wallMs) * 1000 };
}

function section({ title }: Workload, found: Comparison<Metric>, targets: readonly string[]): Section {
  const rows = targets.map((name) => [
    name,
    spreadText(found.spread(name, 'cpu'), 4),
    name === DIRECT ? '–' : ratioText(found.against(BARE_PROXY, name, 'cpu', 'ratio')),
    found.spread(name, 'rate').median.toFixed(0),
  ]);
  return {
    title: `CPU per 1,000 requests: ${title}, ${CONNECTIONS} connections`,
    table: [['target', 'CPU s per 1,000', 'of the bare proxy', 'requests/s'], ...rows],
    data: found,
  };
}

function verdict({ title }: Workload, found: Comparison<Metric>): Verdict {
  const seconds = found.spread(THIS_NODE, 'cpu').median;
  const ratio = found.against(BARE_PROXY, THIS_NODE, 'cpu', 'ratio').median;
  return {
    met: seconds <= GOOD_SECONDS || ratio <= GOOD_RATIO,
    text: `${title}: ≤ ${GOOD_SECONDS.toFixed(2)} CPU s per 1,000 or ≤ ${GOOD_RATIO}× the bare proxy (${seconds.toFixed(3)} s, ${ratio.toFixed(2)}×)`,
  };
}
