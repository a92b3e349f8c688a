import { setTimeout as sleep } from 'node:timers/promises';
import { machineNow } from '../processes/machine-clock.js';
import { type Connection, requestBytes } from './connection.js';
import { type LoadResult, STREAM_HEADER, type Streams } from './messages.js';
import { quantiles } from './quantiles.js';
import { StampReader } from './stamp.js';

/**
 * Carries one stream after the other on every connection, with a pause of random length
 * before each: streams of different people do not beat in time, and none begins in the wake
 * of the one before.
 */
export async function streams(command: Streams, connections: readonly Connection[]): Promise<LoadResult> {
  const { request, port, events, intervalMs, burst = 1 } = command;
  const headers = [...request.headers, STREAM_HEADER, `${events},${intervalMs},${burst}`];
  const bytes = requestBytes({ ...request, headers }, port);
  const started = machineNow();
  const first: number[] = [];
  const delays: number[] = [];
  await Promise.all(
    connections.map(async (connection) => {
      for (let repeat = 0; repeat < command.repeats; repeat++) {
        await sleep(intervalMs + Math.random() * intervalMs);
        const before = delays.length;
        await oneStream(connection, bytes, first, delays);
        if (delays.length === before) throw new Error('a stream without events');
      }
    }),
  );
  const expected = connections.length * command.repeats * events;
  if (delays.length !== expected) throw new Error(`${delays.length} events came of ${expected}`);
  return {
    answered: first.length,
    wallMs: machineNow() - started,
    firstEvent: quantiles(first),
    eventDelay: quantiles(delays),
  };
}

function oneStream(connection: Connection, bytes: Buffer, first: number[], delays: number[]): Promise<void> {
  const stamps = new StampReader();
  const sentAt = machineNow();
  let begun = false;
  return new Promise((done) => {
    connection.send(bytes, {
      done,
      part(part) {
        const now = machineNow();
        stamps.push(part, (stamp) => {
          if (!begun) first.push(now - sentAt);
          begun = true;
          delays.push(now - stamp);
        });
      },
    });
  });
}
