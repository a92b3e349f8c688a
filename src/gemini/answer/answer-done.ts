import { type Usage } from '../domain/usage.js';

/** The last event of an answer: who answered, why it ended, what it cost, what was needed. */
export interface AnswerDone {
  readonly model: string;
  readonly finish_reason: string;
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly thought_tokens: number;
    readonly cached_tokens: number;
  } | null;
  readonly attempts: number;
  readonly healing: readonly string[];
  /** The answer was given before, to a request of the same name; the rest tells of how it was made then. */
  readonly replayed?: true;
}

/** Tokens under the names of this endpoint. */
export function usageOf(usage: Usage | undefined): AnswerDone['usage'] {
  if (usage === undefined) return null;
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    thought_tokens: usage.thoughts,
    cached_tokens: usage.cached,
  };
}
