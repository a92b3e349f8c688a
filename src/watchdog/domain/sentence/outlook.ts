import { type Cause } from '../../../kernel/cause.js';
import { type HealLevel } from '../../../kernel/heal-level.js';
import { type Condition, type NodeState } from '../node-state.js';

/** The status sentence: its first words, which name the state, and the rest of it. */
export interface Sentence {
  readonly lead: string;
  /** Empty where the lead says all. */
  readonly rest: string;
}

/** What the requests say, of the last five minutes where nothing else is said. */
export interface RequestOutlook {
  readonly answered: number;
  readonly failed: number;
  /** Answered only with help: another attempt, another target, going on behind a break. */
  readonly helped: number;
  /** Any since the process began. */
  readonly ever: boolean;
  /** The error score has reached its threshold. */
  readonly failing: boolean;
  /** Code of the last failure. */
  readonly lastFailure: string | undefined;
  readonly lastMinute: { readonly answered: number; readonly failed: number };
}

/** A heal that runs, or has run and is not judged yet. */
export interface HealOutlook {
  readonly level: HealLevel;
  /** Names of what it does now, or has done. */
  readonly steps: readonly string[];
  /** Until it is judged, ms; undefined while it runs. */
  readonly resultInMs: number | undefined;
}

/** A resource of the node that is likely to reach its limit. */
export interface Likely {
  /** Name of its figure. */
  readonly name: string;
  /** What comes, as the subject of a sentence. */
  readonly subject: string;
  readonly probability: number;
  /** Until then, ms. */
  readonly dueMs: number;
  /** What a person can do before. */
  readonly advice: string;
}

/** A trouble that is over. */
export interface Recovery {
  /** Wall-clock ms. */
  readonly at: number;
  readonly cause: Cause;
  readonly lastedMs: number;
  /** Requests that failed in it, and in the minute before it was found. */
  readonly failed: number;
  /** Names of the steps that cured it; undefined where none is known to have. */
  readonly cured: readonly string[] | undefined;
}

/** How far the start has come. */
export interface StartOutlook {
  readonly step: string;
  readonly number: number;
  readonly of: number;
}

/** How far the end has come. */
export interface DrainOutlook {
  readonly streams: number;
  /** Calls whose answers have not begun. */
  readonly calls: number;
  /** Until what still runs is cut short, ms. */
  readonly leftMs: number;
  /** Until new requests are refused, ms, 0 when they are; undefined where another process takes them. */
  readonly refusesInMs: number | undefined;
}

/** All that the sentence is made of: facts, and nothing that is not known. */
export interface Outlook {
  readonly state: NodeState;
  /** Wall-clock ms. */
  readonly now: number;
  /** Worst first. */
  readonly conditions: readonly Condition[];
  readonly requests: RequestOutlook;
  readonly heal: HealOutlook | undefined;
  /** The soonest first. */
  readonly forecasts: readonly Likely[];
  readonly recovery: Recovery | undefined;
  readonly start: StartOutlook | undefined;
  readonly drain: DrainOutlook | undefined;
}
