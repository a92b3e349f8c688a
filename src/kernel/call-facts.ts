/** Tokens of a call, as the upstream counted them. */
export interface CallTokens {
  readonly input: number;
  readonly output: number;
  readonly thoughts: number;
  readonly cached: number;
}

/** What a call to a model came to, over all its attempts. */
export interface CallFacts {
  /** What was asked, in the words of OpenTelemetry where they have one; undefined for what passes through. */
  readonly operation: string | undefined;
  /** The model asked for. */
  readonly asked: string | undefined;
  /** The model that answered, by its own word where it has one. */
  readonly served: string | undefined;
  /** Short hash of the key that was used last. */
  readonly key: string | undefined;
  readonly streamed: boolean;
  readonly attempts: number;
  /** What was needed, in the words of `x-l104-healing`. */
  readonly healing: readonly string[];
  /** All that the upstream counted for this client, answers that broke included. */
  readonly tokens: CallTokens | undefined;
  readonly finishReason: string | undefined;
  /** From the arrival of the request to the first event of a stream that brought it forward, ms. */
  readonly firstTokenMs: number | undefined;
  /** Of the whole time, what was spent waiting for the head of the upstream's answer, ms. */
  readonly upstreamMs: number;
  /** Of the whole time, what was spent waiting for a place, ms. */
  readonly queueMs: number;
}
