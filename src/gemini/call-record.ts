import { type CallFacts } from '../kernel/call-facts.js';
import { type CallTally } from './call-tally.js';
import { operationOf } from './domain/operation.js';
import { type Route } from './domain/route.js';
import { type ReplyFacts } from './reply-port.js';

/** What the attempts of a call have come to. */
interface Asked {
  readonly sent: number;
  readonly queuedMs: number;
  readonly tally: CallTally;
}

/** What a call tells of itself when it ends. */
export class CallRecord {
  /** An answer that broke was gone on with. */
  resumed = false;
  #told: ReplyFacts | undefined;

  /** @param arrived when the request came, monotonic ms */
  constructor(
    private readonly route: Route,
    private readonly arrived: number,
  ) {}

  /** Keeps what the head of the answer is told. */
  told(facts: ReplyFacts): ReplyFacts {
    this.#told = facts;
    return facts;
  }

  /** The facts at the end of the call, for the model it asked for. */
  facts({ sent, queuedMs, tally }: Asked, asked: string | undefined, streamed: boolean): CallFacts {
    const { healing = [], upstreamMs = 0 } = this.#told ?? {};
    const { served, key, usage, finishReason, firstTokenAt } = tally;
    return {
      operation: operationOf(this.route),
      asked,
      served,
      key,
      streamed,
      attempts: sent,
      healing: this.resumed ? [...healing, 'resume'] : healing,
      tokens: usage,
      finishReason,
      firstTokenMs: firstTokenAt === undefined ? undefined : Math.max(0, firstTokenAt - this.arrived),
      upstreamMs,
      queueMs: queuedMs,
    };
  }
}
