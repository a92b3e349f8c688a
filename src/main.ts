import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { bannerLines } from './banner.js';
import { HELP, readArguments, versionText } from './cli.js';
import { type Configuration } from './configuration.js';
import { EXIT } from './platform/exit-codes.js';
import { randomHex } from './platform/identifiers.js';
import { Lives } from './platform/lives.js';
import { createLog, type Log, type LogFormat } from './platform/logging.js';
import { ProcessEnd } from './process-end.js';
import { type RunningNode } from './start-node.js';

/** The project's folder: env files are found there, from wherever the node is started. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const request = readArguments(process.argv.slice(2));
  if (request === undefined) {
    process.stderr.write(`unknown arguments: ${process.argv.slice(2).join(' ').slice(0, 200)}; try --help\n`);
    process.exit(EXIT.usage);
  }
  if (request.command === 'help' || request.command === 'version') {
    process.stdout.write(request.command === 'help' ? HELP : versionText(request.json));
    return;
  }
  if (request.command === 'database') {
    const { databaseCommand } = await import('./cli-database.js');
    process.exit(await databaseCommand(process.argv.slice(2), ROOT));
  }
  // Loaded only now: the settings bring the whole node with them.
  const { configure } = await import('./configuration.js');
  const { printed, problemLines } = await import('./cli-configuration.js');
  const configuration = configure(ROOT, process.env);
  if (request.command !== 'serve') {
    const { text, code } = printed(request.command, request.json, configuration);
    process.stdout.write(text);
    process.exitCode = code;
    return;
  }
  if (configuration.problems.length > 0) {
    process.stderr.write(`${problemLines(configuration.problems).join('\n')}\n`);
    process.exit(EXIT.config);
  }
  await serve(withAdminToken(configuration));
}

async function serve({ configuration, adminAccess }: Access): Promise<void> {
  const { platform, life, warnings } = configuration;
  const log = createLog(platform.logLevel, formatOf(platform.logFormat));
  for (const warning of warnings) log.warn({ event: 'configuration_warning' }, warning);
  const lives = new Lives(life.file);
  const end = new ProcessEnd(log, lives);
  lives.begin();
  tellLives(lives, log);
  const { startNode } = await import('./start-node.js');
  let node: RunningNode;
  try {
    node = await startNode(configuration, log, lives);
  } catch (error) {
    end.now(failedStart(error, configuration, log));
    return;
  }
  log.info({ event: 'node_started', upstream: configuration.upstream, url: node.url }, `serving on ${node.url}`);
  end.serves(node);
  if (process.stderr.isTTY && platform.startBanner) {
    process.stderr.write(`${bannerLines(configuration, node.url, adminAccess).join('\n')}\n`);
  }
}

interface Access {
  readonly configuration: Configuration;
  readonly adminAccess: string;
}

/** Reachable from elsewhere and without a token, the node makes one and shows it once. */
function withAdminToken(configuration: Configuration): Access {
  const { platform, values } = configuration;
  if (platform.adminToken !== '') return { configuration, adminAccess: 'with ADMIN_TOKEN' };
  if (/^(127\.|localhost$|::1$)/.test(platform.host)) return { configuration, adminAccess: 'from this machine' };
  const adminToken = randomHex(24);
  process.stderr.write(`ADMIN_TOKEN is not set; this life of the node takes: ${adminToken}\n`);
  return {
    configuration: { ...configuration, values: { ...values, platform: { ...platform, adminToken } } },
    adminAccess: 'with the token shown above',
  };
}

function formatOf(wanted: 'auto' | LogFormat): LogFormat {
  if (wanted !== 'auto') return wanted;
  return process.stdout.isTTY ? 'pretty' : 'json';
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

await main();
