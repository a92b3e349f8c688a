import { isRecord, type UpstreamError } from '../upstream-error.js';

/** What the details and the text of a 429 say, before anyone judges it. */
export interface QuotaDetails {
  /** Names of the limits that were reached, such as `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
  readonly limits: readonly string[];
  /** A limit of nothing at all: the plan does not include the model. */
  readonly none: boolean;
  /** The model the quota belongs to, where it is named. */
  readonly model: string | undefined;
  /** The servers have no room for the model: no quota of anyone's. */
  readonly capacity: boolean;
  /** Longest wait asked for in details or text, ms; 0 is an answer too. */
  readonly waitMs: number | undefined;
}

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
/** Bounded repetitions: the text comes from outside. */
const RETRY_IN = /(?:retry|try again) (?:in|after) ((?:\d{1,6}(?:\.\d{1,12})?\s?(?:ms|h|m|s)\s?){1,4})/i;
const ZERO_LIMIT = /\blimit: 0\b/;
const NO_CAPACITY = /no capacity available/i;
const WORDED_LIMIT = /\bper[ _-]?(?:day|minute)\b|per(?:day|minute)/gi;

/** Reads the quota facts of an error out of QuotaFailure, ErrorInfo, RetryInfo and its text. */
export function readQuotaDetails(error: UpstreamError): QuotaDetails {
  const records = error.details.filter(isRecord);
  const violations = records.flatMap((detail) =>
    Array.isArray(detail['violations']) ? (detail['violations'] as unknown[]).filter(isRecord) : [],
  );
  const metadata = records.map((detail) => detail['metadata']).filter(isRecord);
  const named = [...violations.map(({ quotaId }) => quotaId), ...metadata.map((facts) => facts['quota_limit'])];
  const limits = named.filter((name): name is string => typeof name === 'string');
  const asked = [error.retryAfterMs, waitInText(error.message)].filter((ms) => ms !== undefined);
  return {
    // Older services word the limit in the text only.
    limits: limits.length > 0 ? limits : (error.message.match(WORDED_LIMIT) ?? []),
    none: violations.some(({ quotaValue }) => quotaValue === '0' || quotaValue === 0) || ZERO_LIMIT.test(error.message),
    model: violations.map(({ quotaDimensions }) => modelOf(quotaDimensions)).find((model) => model !== undefined),
    capacity:
      records.some(({ reason }) => reason === 'MODEL_CAPACITY_EXHAUSTED') ||
      (limits.length === 0 && NO_CAPACITY.test(error.message)),
    waitMs: asked.length === 0 ? undefined : Math.max(...asked),
  };
}

/** The wait in `Please retry in 1m30.5s`, ms. */
function waitInText(text: string): number | undefined {
  const written = RETRY_IN.exec(text)?.[1];
  if (written === undefined) return undefined;
  let ms = 0;
  for (const [, count, unit] of written.matchAll(/([\d.]+)\s?(ms|h|m|s)/gi)) {
    ms += Number(count) * UNIT_MS[(unit ?? 's').toLowerCase() as keyof typeof UNIT_MS];
  }
  return Math.ceil(ms);
}

function modelOf(dimensions: unknown): string | undefined {
  const model = isRecord(dimensions) ? dimensions['model'] : undefined;
  return typeof model === 'string' ? model.replace(/^models\//, '') : undefined;
}
