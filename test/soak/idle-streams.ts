import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { Household } from '../../bench/processes/household.js';
import { PRIMARY } from '../scenarios/scenario.js';
import { type SoakedNode, startSoakedNode } from './soaked-node.js';

/** Opened at once; the next ones follow when these have begun. */
const AT_ONCE = 50;
/** Most bytes of memory per open stream, besides what was said. */
const TARGET = 64 * 1024;
const FIRST =
  'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Let me think. "}]},"index":0}]}\r\n\r\n';
const BODY = '{"contents":[{"parts":[{"text":"Hello"}]}]}';
/** Nothing is to cut these streams, and all may be open. */
const PATIENT = {
  RATE_LIMIT_REQUESTS: '1000000',
  REQUEST_DEADLINE_MS: '1h',
  TTFT_TIMEOUT_MS: '5m',
  STREAM_IDLE_TIMEOUT_MS: '1h',
  FIRST_TOKEN_BESIDE_MS: '1h',
  STREAM_HEARTBEAT_INTERVAL: '5s',
};

/** An upstream that says a word to everybody and then thinks for ever. */
async function thinker(open: Set<ServerResponse>): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(FIRST);
    open.add(response);
  }).listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  return server;
}

/** Opens one stream and waits for its first word. */
async function stream(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1beta/models/${PRIMARY}:streamGenerateContent?alt=sse HTTP/1.1\r\nhost: ${hostname}\r\n` +
      `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString().startsWith('HTTP/1.1 200')) throw new Error(head.toString().slice(0, 500));
  socket.resume();
  return socket;
}

async function open(node: SoakedNode, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Math.min(AT_ONCE, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: next }, () => stream(node.url)))));
  }
  return sockets;
}

async function measure(household: Household, count: number): Promise<string> {
  const answering = new Set<ServerResponse>();
  const upstream = await thinker(answering);
  const { port } = upstream.address() as AddressInfo;
  // Some places are kept for urgent calls.
  const room = String(count * 2);
  const limits = { MAX_CONCURRENT_CALLS: room, HTTP_CLIENT_CALL_CONNECTIONS: room };
  const node = await startSoakedNode(household, `http://127.0.0.1:${port}`, { ...PATIENT, ...limits });
  // Code is compiled and pools are filled by some that come and go.
  for (const socket of await open(node, AT_ONCE)) socket.destroy();
  await sleep(2000);
  const before = await node.memory();
  const sockets = await open(node, count);
  const opened = await node.memory();
  let beats = 0;
  for (const socket of sockets) socket.on('data', () => beats++);
  await sleep(30_000);
  const after = await node.memory();
  const per = (bytes: number): string => `${(bytes / count / 1024).toFixed(1)} KiB`;
  const used = ({ rss, heapUsed, external }: NodeJS.MemoryUsage): string =>
    `rss ${per(rss - before.rss)}, heap ${per(heapUsed - before.heapUsed)}, external ${per(external - before.external)}`;
  const live = await node.live();
  for (const socket of sockets) socket.destroy();
  upstream.closeAllConnections();
  upstream.close();
  const total = (after.rss / 1024 / 1024).toFixed(0);
  if (after.rss - before.rss > TARGET * count) process.exitCode = 1;
  return (
    `${count} open streams, per stream: ${used(opened)}\n` +
    `30 s and ${beats} heartbeats later:  ${used(after)}\nprocess: ${total} MiB resident, live ${live}\n`
  );
}

const { values } = parseArgs({ options: { streams: { type: 'string', default: '2000' } } });
const household = new Household();
try {
  process.stdout.write(await measure(household, Number(values.streams)));
} catch (error) {
  process.stderr.write(`\n${household.traces().join('\n')}\n`);
  throw error;
} finally {
  await household.close();
}
