import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { runNode, served } from './support/process.js';

const MANY = 900;

/** How many connections the kernel lets wait; unknown outside of Linux. */
function allowed(): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
  } catch {
    return 0;
  }
}

it.skipIf(allowed() <= MANY)(
  'lets a crowd that comes while it is busy wait at the door, and turns nobody away',
  async () => {
    const node = runNode([], { PORT: '0', LOG_FORMAT: 'json' });
    const { hostname, port } = new URL(await served(node));
    const sockets: Socket[] = [];
    let connected = 0;
    // Nothing is accepted while it stands still.
    node.child.kill('SIGSTOP');
    try {
      for (let i = 0; i < MANY; i++) sockets.push(connect(Number(port), hostname, () => connected++));
      await expect.poll(() => connected, { timeout: 5000 }).toBe(MANY);
    } finally {
      node.child.kill('SIGCONT');
      for (const socket of sockets) socket.destroy();
      node.child.kill('SIGTERM');
    }
    expect(await node.ended).toBe(0);
  },
);
