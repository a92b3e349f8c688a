import { resolve } from 'node:path';
import { type Household } from '../processes/household.js';
import { startWorker } from '../processes/worker.js';
import { type Progress } from '../report/progress.js';
import { BUILT_NODE, startNode } from './gateway-node.js';
import { startNginx } from './nginx.js';
import { BARE_PROXY, DIRECT, OTHER_BUILD, type Target, THIS_NODE } from './target.js';

/** Starts the upstream; returns its port. */
export async function startUpstream(household: Household): Promise<number> {
  const { port } = await startWorker(household, 'upstream');
  return port;
}

/** Starts every target in front of the upstream, each as its own process, `compare` as one more. */
export async function startTargets(
  household: Household,
  progress: Progress,
  compare: string | undefined,
): Promise<readonly Target[]> {
  const upstreamPort = await startUpstream(household);
  const bare = await startWorker(household, 'bare-proxy', [String(upstreamPort)]);
  const nginx = await startNginx(household, upstreamPort);
  if (nginx === undefined) progress.line('nginx: skipped, it is not installed');
  const node = await startNode(household, upstreamPort, { name: THIS_NODE, main: BUILT_NODE });
  const other =
    compare === undefined
      ? []
      : [await startNode(household, upstreamPort, { name: OTHER_BUILD, main: resolve(compare) })];
  return [
    { name: DIRECT, port: upstreamPort, pid: undefined },
    { name: BARE_PROXY, port: bare.port, pid: bare.child.pid },
    ...(nginx === undefined ? [] : [nginx]),
    node,
    ...other,
  ];
}
