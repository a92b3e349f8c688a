import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';

/** An upstream that gives one streamed answer, event by event, to whoever asks. */
export interface ScriptedUpstream {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an upstream that sends these events, each so many milliseconds after the one before. */
export async function scriptedUpstream(events: readonly string[], pauseMs: number): Promise<ScriptedUpstream> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      void (async () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const event of events) {
          response.write(event);
          await passed(pauseMs);
        }
        response.end();
      })();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
