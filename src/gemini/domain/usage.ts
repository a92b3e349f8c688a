import { isRecord } from './upstream-error.js';

/** Tokens as the upstream counted them, cumulative over an answer. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly thoughts: number;
  readonly cached: number;
}

/** Reads the counts of Gemini's own dialect. */
export function geminiUsage(usage: Record<string, unknown>): Usage {
  return {
    input: count(usage['promptTokenCount']),
    output: count(usage['candidatesTokenCount']),
    thoughts: count(usage['thoughtsTokenCount']),
    cached: count(usage['cachedContentTokenCount']),
  };
}

/** Reads the counts of OpenAI's dialect. */
export function openAiUsage(usage: Record<string, unknown>): Usage {
  const details = usage['completion_tokens_details'];
  const cached = usage['prompt_tokens_details'];
  const thoughts = isRecord(details) ? count(details['reasoning_tokens']) : 0;
  return {
    input: count(usage['prompt_tokens']),
    // This surface counts thoughts in, the native one does not: a token has one type.
    output: Math.max(0, count(usage['completion_tokens']) - thoughts),
    thoughts,
    cached: isRecord(cached) ? count(cached['cached_tokens']) : 0,
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** Tokens that an answer has brought, thoughts among them; 0 where none were told. */
export function tokensOf(usage: Usage | undefined): number {
  return usage === undefined ? 0 : usage.output + usage.thoughts;
}
