import { type Bench, type Findings, type Section, type Stage, type Verdict } from '../bench.js';
import { type RequestForm } from '../load/messages.js';
import { FORMS } from '../load/request-forms.js';
import { cpuSeconds } from '../processes/cost.js';
import { type Comparison, interleave } from '../report/comparison.js';
import { ratioText, spreadText } from '../report/table.js';
import { BARE_PROXY, DIRECT, type Target, THIS_NODE } from '../targets/target.js';

const STREAMS = 16;
const EVENTS = 50;
const INTERVAL_MS = 10;
/** Streams that follow each other on a connection in one round. */
const REPEATS = 4;
/** Many short streams, since a compiler learns from the number of calls, not from their length. */
const WARM_UP = { repeats: 250, events: 3, intervalMs: 1 };
/** The first event may be so much later than without anything in between, ms at the median. */
const GOOD_DELAY_MS = 1;

interface Workload {
  readonly title: string;
  readonly form: RequestForm;
}

const WORKLOADS: readonly Workload[] = [
  { title: ':streamGenerateContent, SSE', form: FORMS.nativeStream },
  { title: '/v1/chat/completions, streamed', form: FORMS.chatStream },
];

type Metric = 'firstP50' | 'firstP99' | 'delayP50' | 'delayP99' | 'cpu';

/** How late the events of a stream come through each target, and what they cost it. */
export const streams: Bench = {
  name: 'streams',
  about: `first event, delay of each event and CPU time of ${STREAMS} streams at a time`,
  usual: true,
  async run(stage): Promise<Findings> {
    const sections: Section[] = [];
    const verdicts: Verdict[] = [];
    for (const workload of WORKLOADS) {
      const found = await interleave(stage, workload.title, (target, warmUp) =>
        measure(stage, workload, target, warmUp),
      );
      const names = (await stage.targets()).map(({ name }) => name);
      sections.push(...report(workload, found, names));
      verdicts.push(verdict(workload, found));
    }
    return { sections, verdicts };
  },
};

async function measure(
  stage: Stage,
  { form }: Workload,
  target: Target,
  warmUp: boolean,
): Promise<Record<Metric, number>> {
  const load = await stage.load();
  const before = target.pid === undefined ? Number.NaN : cpuSeconds(target.pid);
  const flow = warmUp ? WARM_UP : { repeats: REPEATS, events: EVENTS, intervalMs: INTERVAL_MS };
  const { firstEvent, eventDelay } = await load.run({
    ...{ kind: 'streams', port: target.port, request: form, connections: STREAMS },
    ...flow,
  });
  const used = target.pid === undefined ? Number.NaN : cpuSeconds(target.pid) - before;
  return {
    firstP50: firstEvent!.p50,
    firstP99: firstEvent!.p99,
    delayP50: eventDelay!.p50,
    delayP99: eventDelay!.p99,
    cpu: (used / (STREAMS * flow.repeats * flow.events)) * 1000,
  };
}

function report({ title }: Workload, found: Comparison<Metric>, targets: readonly string[]): Section[] {
  const added = (name: string, metric: Metric): string =>
    name === DIRECT ? '–' : spreadText(found.against(DIRECT, name, metric, 'difference'), 2);
  const absolute = (name: string, metric: Metric): string => spreadText(found.spread(name, metric), 2);
  const first = targets.map((name) => [
    ...[name, absolute(name, 'firstP50'), added(name, 'firstP50')],
    ...[absolute(name, 'firstP99'), added(name, 'firstP99')],
  ]);
  const each = targets.map((name) => [
    ...[name, absolute(name, 'delayP50'), added(name, 'delayP50')],
    ...[absolute(name, 'delayP99'), added(name, 'delayP99')],
  ]);
  const cost = targets.map((name) => [
    ...[name, spreadText(found.spread(name, 'cpu'), 4)],
    name === DIRECT ? '–' : ratioText(found.against(BARE_PROXY, name, 'cpu', 'ratio')),
  ]);
  const head = ['target', 'p50', 'added, p50', 'p99', 'added, p99'];
  const flow = `${title}, ${STREAMS} at a time, ${EVENTS} events ${INTERVAL_MS} ms apart`;
  return [
    { title: `First event, ms after the request: ${flow}`, table: [head, ...first], data: found },
    { title: `Delay of each event, ms: ${flow}`, table: [head, ...each] },
    { title: `CPU of streams: ${flow}`, table: [['target', 'CPU s per 1,000 events', 'of the bare proxy'], ...cost] },
  ];
}

function verdict({ title }: Workload, found: Comparison<Metric>): Verdict {
  const { median, min, max } = found.against(DIRECT, THIS_NODE, 'firstP50', 'difference');
  return {
    met: median <= GOOD_DELAY_MS,
    text: `${title}: first event ≤ ${GOOD_DELAY_MS} ms later than direct at p50 (${median.toFixed(2)} ms, ${min.toFixed(2)}–${max.toFixed(2)})`,
  };
}
