import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { EventReader } from './event-reader.js';

it('cuts off a reader that has taken nothing between two heartbeats, and no other', async () => {
  const answers: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    answers.push(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = [0, 1].map(() => connect(port, '127.0.0.1'));
  for (const socket of sockets) {
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => answers.length).toBe(sockets.indexOf(socket) + 1);
  }
  const readers = answers.map((answer) => new EventReader(answer, () => ({ entries: [], gap: false })));
  sockets[1]!.resume();
  const words = 'x'.repeat(100_000);
  // Until the buffers of the connection are full.
  while (answers[0]!.writableLength < 64 * 1024) {
    for (const reader of readers) reader.tell(words);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const waiting = answers[0]!.writableLength;
  readers[0]!.tell(words);
  expect(answers[0]!.writableLength).toBe(waiting);
  for (const reader of readers) reader.beat();
  expect(answers.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  await expect.poll(() => answers[1]!.writableLength).toBe(0);
  for (const reader of readers) reader.beat();
  expect(answers.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  for (const socket of sockets) socket.destroy();
  server.close();
});
