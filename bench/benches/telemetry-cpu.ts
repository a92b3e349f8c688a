import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Bench, type Findings } from '../bench.js';
import { FORMS } from '../load/request-forms.js';
import { cpuSeconds } from '../processes/cost.js';
import { Comparison } from '../report/comparison.js';
import { ratioText, spreadText } from '../report/table.js';
import { BUILT_NODE, type NodeStart, startNode } from '../targets/gateway-node.js';
import { startUpstream } from '../targets/start-targets.js';

const CONNECTIONS = 32;
const REQUESTS = 5000;
const GOOD_SHARE = 0.02;
const AS_IT_IS = 'as it is';
const STUBBED = 'no metrics';
const PLAIN_LOG = 'no access log';
const TRACED = 'traces on';

type Metric = 'cpu';

/** What metrics, access log and traces each cost a request at full load, beside a node without them. */
export const telemetryCpu: Bench = {
  name: 'telemetry-cpu',
  about: 'CPU time of metrics, access log and traces per 1,000 unary requests',
  usual: true,
  async run(stage): Promise<Findings> {
    const upstream = await startUpstream(stage.household);
    const collector = await startCollector();
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const starts: NodeStart[] = [
      { name: AS_IT_IS, main: BUILT_NODE },
      { name: STUBBED, main: BUILT_NODE, execArgv: ['--import', fileURLToPath(STUB)] },
      { name: PLAIN_LOG, main: BUILT_NODE, environment: { ACCESS_LOG: 'false' } },
      { name: TRACED, main: BUILT_NODE, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } },
    ];
    const nodes = [];
    for (const start of starts) nodes.push(await startNode(stage.household, upstream, start));
    const load = await stage.load();
    const found = new Comparison<Metric>();
    for (let round = 0; round <= stage.options.rounds; round++) {
      stage.progress.start(`telemetry: ${round === 0 ? 'warm-up' : `round ${round}/${stage.options.rounds}`}:`);
      for (const { name, port, pid = 0 } of nodes) {
        stage.progress.step(name);
        const before = cpuSeconds(pid);
        await load.run({ kind: 'closed', port, request: FORMS.native, connections: CONNECTIONS, requests: REQUESTS });
        if (round > 0) found.add(name, { cpu: ((cpuSeconds(pid) - before) / REQUESTS) * 1000 });
      }
      stage.progress.end();
    }
    for (const { child } of nodes) await stage.household.end(child);
    collector.close();
    collector.closeAllConnections();
    const share = found.against(STUBBED, AS_IT_IS, 'cpu', 'ratio').median - 1;
    const rows = starts.map(({ name }) => [
      name,
      spreadText(found.spread(name, 'cpu'), 4),
      ratioText(found.against(AS_IT_IS, name, 'cpu', 'ratio')),
    ]);
    return {
      sections: [
        {
          title: `CPU per 1,000 requests: :generateContent, 2 kB, ${CONNECTIONS} connections`,
          table: [['node', 'CPU s per 1,000', 'of the node as it is'], ...rows],
          data: found,
        },
      ],
      verdicts: [
        {
          met: share <= GOOD_SHARE,
          text: `metrics: ≤ ${GOOD_SHARE * 100} % of CPU at full load (${(share * 100).toFixed(1)} %)`,
        },
      ],
    };
  },
};

/** Loaded ahead of a node: every metric forgets what it is told. */
const STUB = new URL('../workers/no-metrics.js', import.meta.url);

/** A collector that takes everything and keeps nothing. */
async function startCollector(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
