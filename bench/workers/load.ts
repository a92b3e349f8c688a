import { closedLoop } from '../load/closed-loop.js';
import { type Connection, openAll } from '../load/connection.js';
import { type LoadCommand, type LoadResult } from '../load/messages.js';
import { openLoop } from '../load/open-loop.js';
import { streams } from '../load/streams.js';

/* Makes the load: takes one command at a time and answers with what it showed, or with the first failure. */

async function run(command: LoadCommand): Promise<LoadResult> {
  let connections: readonly Connection[] = [];
  let fail: (what: string) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = (what) => {
      reject(new Error(what));
    };
  });
  // It may come while nobody waits for it, when all is over.
  failed.catch(() => undefined);
  try {
    connections = await openAll(command.connections, command.port, fail);
    return await Promise.race([failed, load(command, connections)]);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function load(command: LoadCommand, connections: readonly Connection[]): Promise<LoadResult> {
  switch (command.kind) {
    case 'closed':
      return closedLoop(command, connections);
    case 'open':
      return openLoop(command, connections);
    case 'streams':
      return streams(command, connections);
  }
}

process.on('message', (command: LoadCommand) => {
  run(command).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: 0 });
