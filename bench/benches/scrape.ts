import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Bench, type Findings, type Stage } from '../bench.js';
import { cpuSeconds } from '../processes/cost.js';
import { percentile } from '../report/statistics.js';
import { BUILT_NODE, startNode } from '../targets/gateway-node.js';
import { type Target } from '../targets/target.js';

const MODELS = 50;
const KEYS = 20;
/** Calls per model ahead of the scrapes, so that every key has been used for it. */
const CALLS = 100;
const AT_ONCE = 25;
const SCRAPES = 40;
const GOOD_MS = 20;

/** Formats as scrapers ask for them. */
const FORMS = [
  { name: 'text', headers: { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'identity' } },
  {
    name: 'OpenMetrics',
    headers: { accept: 'application/openmetrics-text;version=1.0.0', 'accept-encoding': 'identity' },
  },
  {
    name: 'OpenMetrics, gzip',
    headers: { accept: 'application/openmetrics-text;version=1.0.0', 'accept-encoding': 'gzip' },
  },
] as const;

/** What a scrape costs a node that knows many models and keys. */
export const scrape: Bench = {
  name: 'scrape',
  about: `time and CPU of a scrape with ${MODELS} models × ${KEYS} keys`,
  usual: true,
  async run(stage): Promise<Findings> {
    const upstream = await startUpstream();
    const keys = Array.from({ length: KEYS }, (_, i) => `bench-key-${i}`).join(',');
    const node = await startNode(stage.household, (upstream.address() as AddressInfo).port, {
      name: 'node with many models',
      main: BUILT_NODE,
      environment: { GEMINI_API_KEY: keys },
    });
    try {
      await use(stage, node);
      const rows: string[][] = [];
      let worst = 0;
      for (const { name, headers } of FORMS) {
        const found = await measure(node, headers);
        worst = Math.max(worst, found.medianMs);
        rows.push([
          name,
          found.medianMs.toFixed(1),
          found.p95Ms.toFixed(1),
          found.cpuMs.toFixed(1),
          String(found.lines),
          (found.bytes / 1024).toFixed(0),
        ]);
      }
      const head = ['format', 'median ms', 'p95 ms', 'CPU ms of the node', 'lines', 'kB before compression'];
      return {
        sections: [{ title: `Scrape with ${MODELS} models × ${KEYS} keys`, table: [head, ...rows] }],
        verdicts: [{ met: worst <= GOOD_MS, text: `scrape: ≤ ${GOOD_MS} ms (${worst.toFixed(1)})` }],
      };
    } finally {
      await stage.household.end(node.child);
      upstream.close();
      upstream.closeAllConnections();
    }
  },
};

/** An upstream with any model; one call in fifty fails. */
async function startUpstream(): Promise<Server> {
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (++calls % 50 === 0) {
        response
          .writeHead(503, { 'content-type': 'application/json' })
          .end('{"error":{"code":503,"status":"UNAVAILABLE"}}');
        return;
      }
      const modelVersion = /models\/([^:]+):/.exec(request.url ?? '')?.[1];
      const candidates = [{ content: { parts: [{ text: 'Yes.' }], role: 'model' }, finishReason: 'STOP', index: 0 }];
      const usageMetadata = {
        promptTokenCount: 412,
        candidatesTokenCount: 121,
        thoughtsTokenCount: 30,
        totalTokenCount: 563,
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ candidates, usageMetadata, modelVersion }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function use({ progress }: Stage, { port }: Target): Promise<void> {
  progress.start(`scrape: ${MODELS * CALLS} calls`);
  let next = 0;
  const client = async (): Promise<void> => {
    for (let i = next++; i < MODELS * CALLS; i = next++) {
      const url = `http://127.0.0.1:${port}/v1beta/models/gemini-bench-${i % MODELS}:generateContent`;
      const body = '{"contents":[{"parts":[{"text":"Is it so?"}]}]}';
      await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).arrayBuffer();
      if (i % 1000 === 0) progress.step(String(i));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  progress.end();
}

interface Cost {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly cpuMs: number;
  readonly lines: number;
  readonly bytes: number;
}

async function measure({ port, pid }: Target, headers: Record<string, string>): Promise<Cost> {
  const times: number[] = [];
  let text = '';
  const before = cpuSeconds(pid ?? 0);
  for (let i = 0; i < SCRAPES; i++) {
    const begun = performance.now();
    text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
    times.push(performance.now() - begun);
  }
  const cpuMs = ((cpuSeconds(pid ?? 0) - before) / SCRAPES) * 1000;
  return {
    medianMs: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    cpuMs,
    lines: text.split('\n').length - 1,
    bytes: Buffer.byteLength(text),
  };
}
