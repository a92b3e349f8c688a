import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';
import { ACCESS_EVENT, ecsAccess, gcpAccess } from './domain/access-line.js';
import { type RequestIdentity } from './identifiers.js';

/** Injection token of the process's structured logger. */
export const LOG = Symbol('log');

/** The structured logger: `log.warn({ event: 'retry_attempt', … }, 'sentence')`. */
export type Log = Logger;

/** Form of the log lines. */
export type LogFormat = 'json' | 'pretty' | 'ecs' | 'gcp';

/** The form that `LOG_FORMAT` stands for in this process. */
export function logFormatOf(wanted: 'auto' | LogFormat): LogFormat {
  if (wanted !== 'auto') return wanted;
  return process.stdout.isTTY ? 'pretty' : 'json';
}

const SERVICE = 'l104-node';

/**
 * What of an error is logged: an allow-list, because errors of HTTP clients carry
 * whole requests with keys in their headers and addresses.
 */
export function safeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    type: error.name,
    message: maskKeys(error.message).slice(0, 500),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(error.stack === undefined ? {} : { stack: maskKeys(error.stack.split('\n').slice(1, 8).join('\n')) }),
  };
}

const KEY_SHAPES = /\b(AIza[\w-]{20,}|ya29\.[\w.-]+|sk-[\w-]{16,})|([?&]key=)[^&\s]+|(Bearer\s+)\S+/g;

/** Replaces everything in a text that is shaped like an API key or a token. */
export function maskKeys(text: string): string {
  return text.replace(KEY_SHAPES, (_all, _key, query?: string, bearer?: string) => `${query ?? bearer ?? ''}***`);
}

/** The fields by which lines of one request are found again. */
export function logFields({ requestId, traceId, spanId }: RequestIdentity): Record<string, string> {
  return { request_id: requestId, trace_id: traceId, span_id: spanId };
}

/** Makes the logger; lines go to standard output, or to `destination`. */
export function createLog(level: string, format: LogFormat, destination?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: { 'service.name': SERVICE },
    messageKey: 'msg',
    timestamp: () => `,"time":"${timeNow()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: safeError, error: safeError, req: () => undefined, res: () => undefined },
    ...(format === 'ecs' ? ecs : format === 'gcp' ? gcp : {}),
  };
  return format === 'pretty'
    ? pino(options, pretty({ destination: destination ?? 1, ignore: 'pid,hostname,service.name', singleLine: true }))
    : pino(options, destination ?? standardOutput());
}

/** Lines are written together where there are so many bytes of them, which spares a call of the system for each. */
const TOGETHER_BYTES = 32_768;
/** Longest that a line waits for others, ms: nobody who reads along notices, and a process that is killed loses no more. */
const TOGETHER_MS = 50;

/** Standard output, written to behind the back of the event loop. What waits is written when the process exits by itself. */
function standardOutput(): DestinationStream {
  const out = pino.destination({ fd: 1, sync: false, minLength: TOGETHER_BYTES, maxWrite: 2 * TOGETHER_BYTES });
  const write = out.write.bind(out);
  let timer: NodeJS.Timeout | undefined;
  out.write = (line) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      out.flush();
    }, TOGETHER_MS).unref();
    return write(line);
  };
  return out;
}

const ECS_NAMES = {
  event: 'event.action',
  request_id: 'http.request.id',
  trace_id: 'trace.id',
  span_id: 'span.id',
};

const ecs: LoggerOptions = {
  base: { 'service.name': SERVICE, 'ecs.version': '8.11.0' },
  messageKey: 'message',
  timestamp: () => `,"@timestamp":"${timeNow()}"`,
  formatters: {
    level: (label) => ({ 'log.level': label }),
    log: (fields) => renamed(fields['event'] === ACCESS_EVENT ? ecsAccess(fields) : fields, ECS_NAMES),
  },
};

const GCP_SEVERITY: Record<string, string> = { trace: 'DEBUG', warn: 'WARNING', fatal: 'CRITICAL' };

const GCP_NAMES = { trace_id: 'logging.googleapis.com/trace', span_id: 'logging.googleapis.com/spanId' };

const gcp: LoggerOptions = {
  messageKey: 'message',
  formatters: {
    level: (label) => ({ severity: GCP_SEVERITY[label] ?? label.toUpperCase() }),
    log: (fields) => renamed(fields['event'] === ACCESS_EVENT ? gcpAccess(fields) : fields, GCP_NAMES),
  },
};

let written = { ms: 0, text: '' };

/** The time of a line, ISO 8601 in UTC; lines of one millisecond share the text. */
function timeNow(): string {
  const ms = Date.now();
  if (ms !== written.ms) written = { ms, text: new Date(ms).toISOString() };
  return written.text;
}

function renamed(fields: Record<string, unknown>, names: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [names[name] ?? name, value]));
}
