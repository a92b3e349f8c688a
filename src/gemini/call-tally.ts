import { type AnswerFacts } from './domain/answer-state.js';
import { type Usage } from './domain/usage.js';

/** What the attempts of one call have come to so far: what its line in the log and its span tell at the end. */
export class CallTally {
  /** The model that answered, by its own word. */
  served: string | undefined;
  /** Short hash of the key that was used last. */
  key: string | undefined;
  finishReason: string | undefined;
  /** When the first event that brought the answer forward came, monotonic ms. */
  firstTokenAt: number | undefined;
  usage: Usage | undefined;

  /** An answer was given. */
  answered(answer: AnswerFacts | undefined): void {
    this.served = answer?.model;
    this.finishReason = answer?.finishReason;
    this.spent(answer?.usage);
  }

  /** The first event has come that brought the answer forward. */
  firstToken(): void {
    this.firstTokenAt ??= performance.now();
  }

  /** Takes in tokens that an attempt has cost, whatever came of it. */
  spent(usage: Usage | undefined): void {
    if (usage === undefined) return;
    const { input, output, thoughts, cached } = this.usage ?? NONE;
    this.usage = {
      input: input + usage.input,
      output: output + usage.output,
      thoughts: thoughts + usage.thoughts,
      cached: cached + usage.cached,
    };
  }

  /** The same, for a call whose tokens another one has told. */
  withoutTokens(): CallTally {
    return Object.assign(new CallTally(), this, { usage: undefined });
  }
}

const NONE: Usage = { input: 0, output: 0, thoughts: 0, cached: 0 };
