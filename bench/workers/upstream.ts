import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { machineNow } from '../processes/machine-clock.js';
import { STREAM_HEADER } from '../load/messages.js';
import { GEMINI_ANSWER, geminiEvent, OPENAI_ANSWER, OPENAI_END, openAiEvent } from './upstream-answers.js';

/*
 * Stands in for Gemini. It answers at once with prepared bytes and looks at nothing but the
 * path, so that the targets are measured and not the upstream. How many events a stream has
 * how far they are apart (ms) and how many are sent at a time is asked for in a header.
 */

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    answer(request, response);
  });
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const openAi = request.url?.endsWith('/chat/completions') === true;
  const asked = request.headers[STREAM_HEADER];
  if (typeof asked === 'string') {
    const [events = 1, intervalMs = 10, burst = 1] = asked.split(',').map(Number);
    stream(response, openAi ? OPENAI_EVENTS : GEMINI_EVENTS, { events: Math.min(events, 10_000), intervalMs, burst });
    return;
  }
  const body = request.method === 'POST' ? (openAi ? OPENAI_ANSWER : GEMINI_ANSWER) : Buffer.from('{}');
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    vary: 'Origin, X-Origin, Referer',
    server: 'scaffolding on HTTPServer2',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'server-timing': 'gfet4t7; dur=2',
    'content-length': body.length,
  });
  response.end(body);
}

/** How a stream of each form is made. */
const GEMINI_EVENTS = { event: geminiEvent, end: undefined };
const OPENAI_EVENTS = { event: openAiEvent, end: OPENAI_END };

/** When they are sent is counted from the start, so that a late one does not delay those behind it. */
function stream(
  response: ServerResponse,
  { event, end }: typeof GEMINI_EVENTS | typeof OPENAI_EVENTS,
  { events, intervalMs, burst }: { events: number; intervalMs: number; burst: number },
): void {
  const start = machineNow();
  let sent = 0;
  let sendings = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    const until = Math.min(events, sent + burst);
    // Node puts what is written in one tick into one packet, each event in a chunk of its own.
    while (sent < until) response.write(event(machineNow(), ++sent === events));
    sendings++;
    if (sent === events) response.end(end);
    // Each at a moment of its own within its interval: at a fixed beat who runs beside whom would be the same for a whole stream.
    else timer = setTimeout(next, Math.max(0, start + (sendings - 1 + Math.random()) * intervalMs - machineNow()));
  };
  response.on('close', () => {
    clearTimeout(timer);
  });
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-content-type-options': 'nosniff' });
  next();
}

server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit(0));
