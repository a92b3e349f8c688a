import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** One answer: events and pauses between them (ms), then a break or a proper end. */
export interface Scripted {
  readonly events: readonly (object | number)[];
  readonly then: 'cut' | 'end';
}

/** An upstream that streams what a test has written down, call by call. */
export interface ScriptedUpstream {
  readonly url: string;
  /** What the calls from now on are answered with; the last one again and again. */
  script(...answers: readonly Scripted[]): void;
  /** Bodies of the calls that were scripted, parsed. */
  readonly bodies: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Starts such an upstream. */
export async function startScripted(): Promise<ScriptedUpstream> {
  let answers: readonly Scripted[] = [];
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"models":[]}');
        return;
      }
      const { events, then } = answers[Math.min(bodies.length, answers.length - 1)]!;
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void play(response, events).then(() => {
        if (then === 'end') response.end();
        else setTimeout(() => response.destroy(), 30);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    script: (...given) => {
      answers = given;
      bodies.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** What stands between two pauses goes out at once. */
async function play(response: ServerResponse, events: Scripted['events']): Promise<void> {
  let text = '';
  for (const event of events) {
    if (typeof event !== 'number') text += `data: ${JSON.stringify(event)}\n\n`;
    else {
      response.write(text);
      text = '';
      await delay(event);
    }
  }
  if (text !== '') await new Promise((resolve) => response.write(text, resolve));
}
