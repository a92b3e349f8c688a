import { machineNow } from '../processes/machine-clock.js';
import { type Connection, requestBytes } from './connection.js';
import { type LoadResult, type OpenLoop } from './messages.js';
import { quantiles } from './quantiles.js';

/** Timers are late by up to 1 ms; from here on the clock is watched instead, ms. */
const WATCH_MS = 1.5;

/**
 * Sends requests at a fixed rate. The time of each runs from the moment it was due, also
 * when all connections were taken then: a target that stalls cannot hide the requests it kept
 * from being sent (coordinated omission).
 */
export function openLoop(command: OpenLoop, connections: readonly Connection[]): Promise<LoadResult> {
  const bytes = requestBytes(command.request, command.port);
  const idle = [...connections];
  const overdue: number[] = [];
  const times: number[] = [];
  const started = machineNow() + WATCH_MS;
  let scheduled = 0;
  return new Promise((resolve) => {
    const send = (connection: Connection, due: number): void => {
      connection.send(bytes, {
        done() {
          times.push(machineNow() - due);
          const waiting = overdue.shift();
          if (waiting === undefined) idle.push(connection);
          else send(connection, waiting);
          if (times.length < command.requests) return;
          resolve({ answered: times.length, wallMs: machineNow() - started, latency: quantiles(times) });
        },
      });
    };
    const tick = (): void => {
      const due = started + (scheduled * 1000) / command.rate;
      const early = due - machineNow();
      if (early > WATCH_MS) {
        setTimeout(tick, early - WATCH_MS);
        return;
      }
      if (early <= 0) {
        scheduled++;
        const connection = idle.shift();
        if (connection === undefined) overdue.push(due);
        else send(connection, due);
      }
      if (scheduled < command.requests) setImmediate(tick);
    };
    tick();
  });
}
