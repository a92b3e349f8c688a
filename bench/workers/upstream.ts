import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { machineNow } from '../processes/machine-clock.js';
import { STREAM_HEADER } from '../load/messages.js';
import { GEMINI_ANSWER, geminiEvent, OPENAI_ANSWER, OPENAI_END, openAiEvent } from './upstream-answers.js';

/*
 * Stands in for Gemini. It answers at once with prepared bytes and looks at nothing but the
 * path, so that the targets are measured and not the upstream. How many events a stream has
 * and how far they are apart (ms) is asked for in a header.
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
    const [events = 1, intervalMs = 10] = asked.split(',').map(Number);
    stream(response, openAi, Math.min(events, 10_000), intervalMs);
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

/** Events are sent at fixed times from the start, so that a late one does not delay those behind it. */
function stream(response: ServerResponse, openAi: boolean, events: number, intervalMs: number): void {
  const event = openAi ? openAiEvent : geminiEvent;
  const start = machineNow();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    const last = ++sent === events;
    response.write(event(machineNow(), last));
    if (last) response.end(openAi ? OPENAI_END : undefined);
    else timer = setTimeout(next, Math.max(0, start + sent * intervalMs - machineNow()));
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
