import { bannerLines } from './banner.js';
import { type Configuration } from './configuration.js';
import { EXIT } from './platform/exit-codes.js';
import { Lives } from './platform/lives.js';
import { createLog, type Log, logFormatOf } from './platform/logging.js';
import { ProcessEnd } from './process-end.js';
import { letHeapGrow } from './heap-growth.js';
import { guardLoop } from './stall/index.js';
import { type RunningNode, startNode } from './start-node.js';

/** Serves until the process ends; `adminAccess` says in words how administrators get in. */
export async function serve(configuration: Configuration, adminAccess: string): Promise<void> {
  letHeapGrow();
  const { platform, life, warnings } = configuration;
  const log = createLog(platform.logLevel, logFormatOf(platform.logFormat));
  for (const warning of warnings) log.warn({ event: 'configuration_warning' }, warning);
  const lives = new Lives(life.file);
  const end = new ProcessEnd(log, lives);
  lives.begin();
  tellLives(lives, log);
  let node: RunningNode;
  try {
    node = await startNode(configuration, log, { lives });
  } catch (error) {
    end.now(failedStart(error, configuration, log));
    return;
  }
  log.info({ event: 'node_started', upstream: configuration.upstream, url: node.url }, `serving on ${node.url}`);
  end.serves(node);
  guard(configuration, lives, log);
  if (process.stderr.isTTY && platform.startBanner) {
    process.stderr.write(`${bannerLines(configuration, node.url, adminAccess).join('\n')}\n`);
  }
}

/** From here on a loop that stands still ends the process. */
function guard({ stallLimitMs, platform }: Configuration, { id, path }: Lives, log: Log): void {
  if (stallLimitMs === 0) return;
  const orders = { limitMs: stallLimitMs, lifeFile: path, lifeId: id, logFormat: logFormatOf(platform.logFormat) };
  guardLoop(orders, (err) => {
    log.error({ event: 'stall_guard_lost', err }, 'the thread that watches the event loop has failed');
  });
}

/** How the life before this one ended, and whether this one can be remembered. */
function tellLives({ last, problem }: Lives, log: Log): void {
  if (problem !== undefined) {
    log.warn(
      { event: 'life_not_noted', err: problem },
      'LIFE_FILE cannot be used: the next start will not know of this life',
    );
  }
  if (last === undefined) return;
  const { id, pid, startedAt, version, end } = last;
  const fields = { life: id, life_pid: pid, started_at: new Date(startedAt).toISOString(), life_version: version };
  const { endedAt, code, kind, cause, reason } = end;
  log[kind === 'drained' ? 'info' : 'warn'](
    { event: 'life_ended', ...fields, ended_at: new Date(endedAt).toISOString(), code, kind, cause, reason },
    `the last life of the node ended: ${kind} (${reason})`,
  );
}

/** Tells why the node could not start. */
function failedStart(error: unknown, { platform }: Configuration, log: Log): Parameters<ProcessEnd['now']>[0] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    const why = code === 'EADDRINUSE' ? 'is taken by another process' : 'cannot be listened on';
    const next = platform.port < 65_535 ? platform.port + 1 : 8081;
    process.stderr.write(
      `Port ${platform.port} on ${platform.host} ${why}. Stop that process (lsof -i :${platform.port} names it), or choose another port: PORT=${next} npm start\n`,
    );
    return { code: EXIT.unavailable, kind: 'unstarted', cause: 'port', reason: `port ${platform.port} ${why}` };
  }
  log.fatal({ event: 'start_failed', err: error }, 'the node could not start');
  return { code: EXIT.bug, kind: 'unstarted', cause: 'start_failed', reason: 'the node could not start' };
}
