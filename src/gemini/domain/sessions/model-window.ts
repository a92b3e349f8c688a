/** How much a model reads and says. */
export interface ModelWindow {
  /** Longest request, tokens. */
  readonly input: number;
  /** Longest answer, tokens; undefined where it is not known. */
  readonly output: number | undefined;
}

/** Largest share of the window that is left free for the answer. */
const ANSWER_SHARE = 0.25;

/** Tokens that a request may have, with room left for the longest answer, or for a quarter where that is less. */
export function roomIn({ input, output }: ModelWindow): number {
  return Math.floor(input - Math.min(output ?? Infinity, input * ANSWER_SHARE));
}

/** Reads `GET models/{model}`; undefined when it tells no limit. */
export function windowOf(model: unknown): ModelWindow | undefined {
  const { inputTokenLimit: input, outputTokenLimit: output } = (model ?? {}) as Record<string, unknown>;
  if (!isLimit(input)) return undefined;
  return { input, output: isLimit(output) ? output : undefined };
}

function isLimit(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
