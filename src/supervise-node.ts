import { type Configuration } from './configuration.js';
import { memorySettings } from './memory/index.js';
import { EXIT } from './platform/exit-codes.js';
import { createLog, logFormatOf } from './platform/logging.js';
import { type SettingsOf } from './platform/settings.js';
import { supervise } from './supervisor/index.js';

/** What a process may take to leave beyond its delay and grace, ms: last words, and closing its store. */
const CLOSING_MS = 15_000;

/**
 * Keeps the processes of a node running, each of which runs `program`, the node's own entry.
 * @param madeToken administrator's token that was made at this start, the same for all of them
 */
export function superviseNode(configuration: Configuration, program: string, madeToken: string | undefined): void {
  const { life, platform, values } = configuration;
  const { database } = values[memorySettings.name] as SettingsOf<typeof memorySettings>;
  if (life.workers > 1 && database.kind === 'sqlite') {
    process.stderr.write(
      `bad configuration: SUPERVISOR_WORKERS=${life.workers}, and one process only can have an SQLite file: set DATABASE_URL=postgres://…, or SUPERVISOR_WORKERS=1\n`,
    );
    process.exit(EXIT.config);
  }
  const { shutdownDelayMs, shutdownGraceMs } = platform;
  const plan = {
    workers: life.workers,
    program,
    environment: madeToken === undefined ? {} : { ADMIN_TOKEN: madeToken },
    leaveMs: shutdownDelayMs + shutdownGraceMs + CLOSING_MS,
  };
  supervise(plan, createLog(platform.logLevel, logFormatOf(platform.logFormat)));
}
