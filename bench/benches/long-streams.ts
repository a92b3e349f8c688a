import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { LoadGenerator } from '../load/generator.js';
import { type RequestForm } from '../load/messages.js';
import { FORMS } from '../load/request-forms.js';
import { cpuSeconds } from '../processes/cost.js';
import { sideBySide } from '../report/comparison.js';
import { ratioText, spreadText } from '../report/table.js';
import { BUILT_NODE, startNode } from '../targets/gateway-node.js';
import { BARE_PROXY, DIRECT, type Target, THIS_NODE } from '../targets/target.js';

const STREAMS = 16;
/** So many events that what a request costs does not show. */
const EVENTS = 2000;
/** From event to event on the average, ms. */
const EVERY_MS = 5;
/** A node whose streams take a path that it does not know: their bytes go through it unread. */
const PASSED_THROUGH = 'passed through';
/** An event may cost so many times what it costs to pass it on. */
const GOOD_RATIO = 1.15;

/** A stream, and the path on which the same comes from the upstream although no stream of answers is there. */
interface Form {
  readonly title: string;
  readonly request: RequestForm;
  readonly unknown: string;
}

const STREAM_FORMS: readonly Form[] = [
  {
    title: ':streamGenerateContent, SSE',
    request: FORMS.nativeStream,
    unknown: '/v1beta/models/m:streamOther?alt=sse',
  },
  {
    title: '/v1/chat/completions, streamed',
    request: FORMS.chatStream,
    unknown: '/v1beta/openai/other/chat/completions',
  },
];
/** Events that come at a time: one, as from a model, and some, as from a network that has held them up. */
const BURSTS = [1, 4];

/** What one event of an undisturbed stream costs: long streams, in which the request itself does not count. */
export const longStreams: Bench = {
  name: 'long-streams',
  about: `CPU time per event of ${STREAMS} long streams at a time, all targets at once`,
  usual: true,
  async run(stage): Promise<Findings> {
    const sections: Section[] = [];
    const verdicts: Verdict[] = [];
    const passing = await withPassage(stage);
    const loads = await loadsFor(passing);
    for (const form of STREAM_FORMS) {
      for (const burst of BURSTS) {
        const { section, verdict } = await compare(passing, loads, form, burst);
        sections.push(section);
        verdicts.push(...verdict);
      }
    }
    return { sections, verdicts };
  },
};

async function compare(
  stage: Stage,
  loads: readonly LoadGenerator[],
  form: Form,
  burst: number,
): Promise<{ section: Section; verdict: Verdict[] }> {
  const workload = `${form.title}, ${burst} at a time`;
  const found = await sideBySide(stage, `long streams, ${workload}`, (targets) => measure(targets, loads, form, burst));
  const names = (await stage.targets()).map(({ name }) => name).filter((name) => name !== DIRECT);
  const rows = names.map((name) => [
    name,
    spreadText(found.spread(name, 'cpu'), 4),
    ratioText(found.against(BARE_PROXY, name, 'cpu', 'ratio')),
    ratioText(found.against(PASSED_THROUGH, name, 'cpu', 'ratio')),
  ]);
  const section = {
    title: `CPU of ${STREAMS} long streams: ${form.title}, ${EVENTS} events, ${burst} every ${EVERY_MS * burst} ms`,
    table: [['target', 'CPU s per 1,000 events', 'of the bare proxy', 'of passing it through'], ...rows],
    data: found,
  };
  const verdict = [BARE_PROXY, PASSED_THROUGH].map((base) => {
    const { median } = found.against(base, THIS_NODE, 'cpu', 'ratio');
    return {
      met: median <= GOOD_RATIO,
      text: `${workload}: ≤ ${GOOD_RATIO}× ${base} per event (${median.toFixed(2)}×)`,
    };
  });
  return { section, verdict };
}

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

/** A load for each target: one makes one load at a time. */
async function loadsFor(stage: Stage): Promise<LoadGenerator[]> {
  return Promise.all((await stage.targets()).map(() => LoadGenerator.start(stage.household)));
}

async function measure(
  targets: readonly Target[],
  loads: readonly LoadGenerator[],
  { request, unknown }: Form,
  burst: number,
): Promise<Record<'cpu', number>[]> {
  const used = targets.map(({ pid }) => cpuSeconds(pid!));
  await Promise.all(
    targets.map(({ name, port }, index) =>
      loads[index]!.run({
        kind: 'streams',
        port,
        request: name === PASSED_THROUGH ? { ...request, path: unknown } : request,
        connections: STREAMS,
        repeats: 1,
        events: EVENTS,
        intervalMs: EVERY_MS * burst,
        burst,
      }),
    ),
  );
  return targets.map(({ pid }, index) => ({
    cpu: ((cpuSeconds(pid!) - used[index]!) / (STREAMS * EVENTS)) * 1000,
  }));
}
