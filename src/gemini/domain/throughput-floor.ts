import { type Clock } from '../../kernel/clock.js';
import { AnswerDefect } from './answer-defect.js';
import { tokensOf, type Usage } from './usage.js';

/** Characters that a token stands for on the average. */
const CHARACTERS_PER_TOKEN = 4;

/** The least pace of an answer that is worth waiting for. */
export interface FloorLimits {
  /** Characters per second; 0 switches the floor off. */
  readonly minPerSecond: number;
  /** Time over which the pace is taken, ms. */
  readonly floorWindowMs: number;
}

/** How far an answer has come: characters, and the tokens that were counted. */
export interface AnswerProgress {
  readonly said: number;
  readonly usage: Usage | undefined;
}

/**
 * Finds a stream that goes on, but far too slowly for too long. Text, thoughts, calls and growing token counts all
 * count, text that is counted in tokens too even twice, so that it errs on the side of the upstream.
 */
export class ThroughputFloor {
  #since: number;
  #from = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limits: FloorLimits,
  ) {
    this.#since = clock.now();
  }

  /** The answer begins, or a client that was the slow one has caught up: what went before has no say. */
  restart(progress: AnswerProgress): void {
    this.#since = this.clock.now();
    this.#from = charactersOf(progress);
  }

  /** Looks at the pace when an event has come. Throws AnswerDefect when it was below the floor for a whole window. */
  check(progress: AnswerProgress): void {
    const { minPerSecond, floorWindowMs } = this.limits;
    if (minPerSecond === 0) return;
    const tookMs = this.clock.now() - this.#since;
    if (tookMs < floorWindowMs) return;
    const gained = charactersOf(progress) - this.#from;
    if (gained < (minPerSecond * tookMs) / 1000) throw new AnswerDefect('too_slow');
    this.restart(progress);
  }
}

function charactersOf({ said, usage }: AnswerProgress): number {
  return said + tokensOf(usage) * CHARACTERS_PER_TOKEN;
}
