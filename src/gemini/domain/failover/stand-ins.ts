import { type Clock } from '../../../kernel/clock.js';
import { type Target } from './target.js';

/** Questions whose last answer is remembered; their models may be named by callers. */
const MOST = 100;
/** An answer says so long who answers now, ms: as long as the requests that people are told of. */
const NEWS_MS = 300_000;

interface Answered {
  readonly target: Target;
  /** Monotonic ms. */
  readonly at: number;
}

/** Who answered last when a model was asked for: what stands in for a target that fails. Bounded: the oldest is forgotten. */
export class StandIns {
  readonly #last = new Map<string, Answered>();

  constructor(private readonly clock: Clock) {}

  /** A target has answered a question; questions of one name have the same targets. */
  answered(question: string, target: Target): void {
    // Taken out and put in again, so that the first is the one that was answered longest ago.
    this.#last.delete(question);
    this.#last.set(question, { target, at: this.clock.now() });
    const [oldest] = this.#last.keys();
    if (this.#last.size > MOST && oldest !== undefined) this.#last.delete(oldest);
  }

  /** The target that answered last, if that was within the last `withinMs` and is still news. */
  of(question: string, withinMs: number): Target | undefined {
    const last = this.#last.get(question);
    if (last === undefined || this.clock.now() - last.at > Math.min(withinMs, NEWS_MS)) return undefined;
    return last.target;
  }
}
