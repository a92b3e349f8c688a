import { type Cause } from '../../kernel/cause.js';
import { type Condition } from './node-state.js';
import { type Recovery } from './sentence/outlook.js';

/** A trouble in which no request failed is worth telling afterwards when it lasted so long, ms. */
const WORTH_MS = 10_000;

/** What one look at the node has shown. */
export interface EpisodeLook {
  /** Wall-clock ms. */
  readonly wall: number;
  readonly conditions: readonly Condition[];
  /** Requests that failed since the process began, and within the last minute. */
  readonly failedEver: number;
  readonly failedLately: number;
}

/** A heal that was seen to help. */
export interface Cure {
  /** Names of its steps. */
  readonly steps: readonly string[];
  readonly cause: Cause;
  /** When it ran, wall-clock ms. */
  readonly at: number;
}

interface Episode {
  readonly began: number;
  readonly failedBefore: number;
  /** At its worst. */
  cause: Cause;
  readonly causes: Set<Cause>;
  unhealthy: boolean;
}

interface Ended extends Omit<Recovery, 'cured'> {
  readonly began: number;
  readonly causes: ReadonlySet<Cause>;
}

/** Remembers the last trouble of the node and what it cost, for the time after it; one at a time. */
export class Episodes {
  #now: Episode | undefined;
  #last: Ended | undefined;

  /** Takes in what is not well now. */
  look({ wall, conditions, failedEver, failedLately }: EpisodeLook): void {
    // What somebody has taken out is no trouble, and neither is that it is given back.
    const troubles = conditions.filter(({ kind }) => kind !== 'isolated');
    const [worst] = troubles;
    if (worst === undefined) {
      this.#end(wall, failedEver);
      return;
    }
    const unhealthy = troubles.some(({ severity }) => severity === 'unhealthy');
    const began = troubles.reduce((first, { since }) => Math.min(first, since), wall);
    // It is found by its first failures, which belong to it.
    const failedBefore = failedEver - failedLately;
    this.#now ??= { began, failedBefore, cause: worst.cause, causes: new Set(), unhealthy };
    this.#now.causes.add(worst.cause);
    if (unhealthy && !this.#now.unhealthy) Object.assign(this.#now, { unhealthy, cause: worst.cause });
  }

  /** The last trouble, once it is over and while there is no other; `cure`: the last heal that was seen to help. */
  recovery(cure: Cure | undefined): Recovery | undefined {
    if (this.#last === undefined || this.#now !== undefined) return undefined;
    const { began, causes, ...last } = this.#last;
    const own = cure !== undefined && causes.has(cure.cause) && cure.at >= began && cure.at <= last.at;
    return own ? { ...last, cause: cure.cause, cured: cure.steps } : { ...last, cured: undefined };
  }

  #end(wall: number, failedEver: number): void {
    if (this.#now === undefined) return;
    const { began, failedBefore, cause, causes } = this.#now;
    this.#now = undefined;
    const lastedMs = Math.max(0, wall - began);
    const failed = failedEver - failedBefore;
    if (failed > 0 || lastedMs >= WORTH_MS) this.#last = { at: wall, began, cause, causes, lastedMs, failed };
  }
}
