import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { type RequestForm } from '../load/messages.js';
import { FORMS } from '../load/request-forms.js';
import { cpuSeconds } from '../processes/cost.js';
import { interleave } from '../report/comparison.js';
import { ratioText, spreadText } from '../report/table.js';
import { BUILT_NODE, startNode } from '../targets/gateway-node.js';
import { BARE_PROXY, DIRECT, type Target, THIS_NODE } from '../targets/target.js';

const STREAMS = 16;
/** So many events that what a request costs does not show. */
const FLOW = { repeats: 1, events: 3000, intervalMs: 3 };
/**
 * Sent ahead of each measurement. While the others had their turn V8 has shrunk its young generation and forgotten code: the
 * first seconds afterwards tell what a pause costs, and not what an event does.
 */
const RUN_UP = { ...FLOW, events: 1500 };
/** A node whose streams take a path that it does not know: their bytes go through it unread. */
const PASSED_THROUGH = 'passed through';
/** An event may cost so many times what it costs the bare proxy. */
const GOOD_RATIO = 1.15;

/** A stream, and the path on which the same comes from the upstream although no stream of answers is there. */
interface Workload {
  readonly title: string;
  readonly form: RequestForm;
  readonly unknown: string;
}

const WORKLOADS: readonly Workload[] = [
  { title: ':streamGenerateContent, SSE', form: FORMS.nativeStream, unknown: '/v1beta/models/m:streamOther?alt=sse' },
  {
    title: '/v1/chat/completions, streamed',
    form: FORMS.chatStream,
    unknown: '/v1beta/openai/other/chat/completions',
  },
];

/** What one event of an undisturbed stream costs: long streams, in which the request itself does not count. */
export const longStreams: Bench = {
  name: 'long-streams',
  about: `CPU time per event of ${STREAMS} long streams at a time`,
  usual: true,
  async run(stage): Promise<Findings> {
    const sections: Section[] = [];
    const verdicts: Verdict[] = [];
    const passing = await withPassage(stage);
    for (const { title, form, unknown } of WORKLOADS) {
      const found = await interleave(passing, `long streams, ${title}`, (target) =>
        measure(passing, target.name === PASSED_THROUGH ? { ...form, path: unknown } : form, target),
      );
      const names = (await passing.targets()).map(({ name }) => name).filter((name) => name !== DIRECT);
      const rows = names.map((name) => [
        name,
        spreadText(found.spread(name, 'cpu'), 4),
        ratioText(found.against(BARE_PROXY, name, 'cpu', 'ratio')),
        ratioText(found.against(PASSED_THROUGH, name, 'cpu', 'ratio')),
      ]);
      const what = `CPU of long streams: ${title}, ${STREAMS} at a time, ${FLOW.events} events ${FLOW.intervalMs} ms apart`;
      sections.push({
        title: what,
        table: [['target', 'CPU s per 1,000 events', 'of the bare proxy', 'of passing it through'], ...rows],
        data: found,
      });
      for (const base of [BARE_PROXY, PASSED_THROUGH]) {
        const { median } = found.against(base, THIS_NODE, 'cpu', 'ratio');
        verdicts.push({
          met: median <= GOOD_RATIO,
          text: `${title}: ≤ ${GOOD_RATIO}× ${base} per event (${median.toFixed(2)}×)`,
        });
      }
    }
    return { sections, verdicts };
  },
};

/** The stage with one target more: a second node, through which the same bytes are passed. */
async function withPassage(stage: Stage): Promise<Stage> {
  const targets = await stage.targets();
  const upstream = targets.find(({ name }) => name === DIRECT)?.port ?? 0;
  const passage = await startNode(stage.household, upstream, { name: PASSED_THROUGH, main: BUILT_NODE });
  return {
    options: stage.options,
    progress: stage.progress,
    household: stage.household,
    targets: () => Promise.resolve([...targets, passage]),
    load: () => stage.load(),
  };
}

async function measure(stage: Stage, form: RequestForm, target: Target): Promise<Record<'cpu', number>> {
  const load = await stage.load();
  const command = { kind: 'streams', port: target.port, request: form, connections: STREAMS } as const;
  if (target.pid === undefined) return { cpu: Number.NaN };
  await load.run({ ...command, ...RUN_UP });
  const before = cpuSeconds(target.pid);
  await load.run({ ...command, ...FLOW });
  return { cpu: ((cpuSeconds(target.pid) - before) / (STREAMS * FLOW.events)) * 1000 };
}
