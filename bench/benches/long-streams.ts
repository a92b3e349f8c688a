import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { type RequestForm } from '../load/messages.js';
import { FORMS } from '../load/request-forms.js';
import { cpuSeconds } from '../processes/cost.js';
import { interleave } from '../report/comparison.js';
import { ratioText, spreadText } from '../report/table.js';
import { BARE_PROXY, DIRECT, type Target, THIS_NODE } from '../targets/target.js';

const STREAMS = 16;
/** So many events that what a request costs does not show. */
const FLOW = { repeats: 1, events: 1500, intervalMs: 3 };
const WARM_UP = { repeats: 20, events: 50, intervalMs: 1 };
/** An event may cost so many times what it costs the bare proxy. */
const GOOD_RATIO = 1.15;

const WORKLOADS: readonly { readonly title: string; readonly form: RequestForm }[] = [
  { title: ':streamGenerateContent, SSE', form: FORMS.nativeStream },
  { title: '/v1/chat/completions, streamed', form: FORMS.chatStream },
];

/** What one event of an undisturbed stream costs: long streams, in which the request itself does not count. */
export const longStreams: Bench = {
  name: 'long-streams',
  about: `CPU time per event of ${STREAMS} long streams at a time`,
  usual: true,
  async run(stage): Promise<Findings> {
    const sections: Section[] = [];
    const verdicts: Verdict[] = [];
    for (const { title, form } of WORKLOADS) {
      const found = await interleave(stage, `long streams, ${title}`, (target, warmUp) =>
        measure(stage, form, target, warmUp ? WARM_UP : FLOW),
      );
      const names = (await stage.targets()).map(({ name }) => name).filter((name) => name !== DIRECT);
      const rows = names.map((name) => [
        name,
        spreadText(found.spread(name, 'cpu'), 4),
        ratioText(found.against(BARE_PROXY, name, 'cpu', 'ratio')),
      ]);
      const what = `CPU of long streams: ${title}, ${STREAMS} at a time, ${FLOW.events} events ${FLOW.intervalMs} ms apart`;
      sections.push({
        title: what,
        table: [['target', 'CPU s per 1,000 events', 'of the bare proxy'], ...rows],
        data: found,
      });
      const { median } = found.against(BARE_PROXY, THIS_NODE, 'cpu', 'ratio');
      verdicts.push({
        met: median <= GOOD_RATIO,
        text: `${title}: ≤ ${GOOD_RATIO}× the bare proxy per event (${median.toFixed(2)}×)`,
      });
    }
    return { sections, verdicts };
  },
};

async function measure(
  stage: Stage,
  form: RequestForm,
  target: Target,
  flow: typeof FLOW,
): Promise<Record<'cpu', number>> {
  const load = await stage.load();
  const before = target.pid === undefined ? Number.NaN : cpuSeconds(target.pid);
  await load.run({ kind: 'streams', port: target.port, request: form, connections: STREAMS, ...flow });
  const used = target.pid === undefined ? Number.NaN : cpuSeconds(target.pid) - before;
  return { cpu: (used / (STREAMS * flow.repeats * flow.events)) * 1000 };
}
