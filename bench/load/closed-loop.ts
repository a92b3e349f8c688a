import { machineNow } from '../processes/machine-clock.js';
import { type Connection, requestBytes } from './connection.js';
import { type ClosedLoop, type LoadResult } from './messages.js';

/** Sends so many requests over the connections, each its next one as soon as it has the answer. */
export function closedLoop(command: ClosedLoop, connections: readonly Connection[]): Promise<LoadResult> {
  const bytes = requestBytes(command.request, command.port);
  const started = machineNow();
  let sent = 0;
  let answered = 0;
  return new Promise((resolve) => {
    const next = (connection: Connection): void => {
      if (sent === command.requests) return;
      sent++;
      connection.send(bytes, {
        done() {
          if (++answered < command.requests) {
            next(connection);
            return;
          }
          resolve({ answered, wallMs: machineNow() - started });
        },
      });
    };
    connections.forEach(next);
  });
}
