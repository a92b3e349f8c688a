import { type Clock } from '../../kernel/clock.js';
import { type AnswerFault } from './answer-fault.js';
import {
  type DecorFault,
  type DelayFault,
  type Fault,
  type FaultPlan,
  type FaultRule,
  type FirstTokenFault,
  type OutcomeFault,
  type PaceFault,
  type StreamFault,
} from './fault-plan.js';
import { matchesGlob } from './glob.js';
import { type QuotaLimits } from './quota.js';
import { Random } from './seed.js';

/** What a fault can be aimed at. */
export interface FaultTarget {
  readonly model: string;
  readonly key: string;
  readonly keyHash: string;
  readonly surface: 'native' | 'openai';
  readonly method: string;
}

/** The faults of one request, at most one for each phase of it. */
export interface MatchedFaults {
  readonly delay?: DelayFault;
  readonly outcome?: OutcomeFault;
  readonly answer?: AnswerFault;
  readonly firstToken?: FirstTokenFault;
  readonly pace?: PaceFault;
  readonly stream?: StreamFault;
  readonly decor?: DecorFault;
  /** What is left of the outcome fault's time window, in milliseconds, if it has an end. */
  readonly windowLeftMs?: number | undefined;
  /** A draw from 0 to 1 for jitter. */
  readonly chance: number;
  /** The kinds that matched, in the order of the phases. */
  readonly kinds: readonly string[];
}

/** Where a rule stands now. */
export interface RuleState {
  readonly rule: FaultRule;
  readonly state: 'waiting' | 'active' | 'expired' | 'used_up';
  /** Milliseconds until its window opens. */
  readonly startsInMs: number;
  /** Milliseconds until its window closes; nothing when it has no end. */
  readonly endsInMs: number | undefined;
  /** Requests that matched while the window was open. */
  readonly matched: number;
  /** Requests that were hit. */
  readonly applied: number;
}

type Phase = 'delay' | 'outcome' | 'answer' | 'firstToken' | 'pace' | 'stream' | 'decor';

interface Entry {
  readonly rule: FaultRule;
  readonly phase: Phase | undefined;
  matched: number;
  applied: number;
}

const NONE: MatchedFaults = { chance: 0, kinds: [] };
const EMPTY: FaultPlan = { seed: 0, faults: [] };

/** Keeps one plan, its windows and its counts, and says which faults a request gets. */
export class FaultBook {
  readonly #clock: Clock;
  #plan = EMPTY;
  #entries: readonly Entry[] = [];
  #setAt = 0;
  #random = new Random(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the plan; all windows begin now and all counts at zero. */
  set(plan: FaultPlan): void {
    this.#plan = plan;
    this.#entries = plan.faults.map((rule) => ({ rule, phase: phaseOf(rule.fault), matched: 0, applied: 0 }));
    this.#setAt = this.#clock.now();
    this.#random = new Random(plan.seed);
  }

  /** Forgets the plan. */
  clear(): void {
    this.set(EMPTY);
  }

  /** The plan in force. */
  get plan(): FaultPlan {
    return this.#plan;
  }

  /** Limits the plan imposes, if it does. */
  get quota(): QuotaLimits | undefined {
    return this.#plan.quota;
  }

  /** The faults of one request: in each phase the first rule that hits. Counts the request against those rules. */
  match(target: FaultTarget): MatchedFaults {
    if (this.#entries.length === 0) return NONE;
    const hits = new Map<Phase, Entry>();
    for (const entry of this.#entries) {
      if (entry.phase === undefined || hits.has(entry.phase)) continue;
      if (this.#stateOf(entry) === 'active' && aimedAt(entry.rule, target) && this.#hits(entry))
        hits.set(entry.phase, entry);
    }
    if (hits.size === 0) return NONE;
    const outcome = hits.get('outcome');
    return {
      // The phase of an entry was derived from its fault, so each fault sits under the phase its kind belongs to.
      ...(Object.fromEntries([...hits].map(([phase, entry]) => [phase, entry.rule.fault])) as Partial<MatchedFaults>),
      windowLeftMs: outcome === undefined ? undefined : this.#endsIn(outcome.rule),
      chance: this.#random.next(),
      kinds: [...hits.values()].map((entry) => entry.rule.fault.kind),
    };
  }

  /** Where each rule stands now, in the order of the plan. */
  states(): readonly RuleState[] {
    return this.#entries.map((entry) => ({
      rule: entry.rule,
      state: this.#stateOf(entry),
      startsInMs: Math.max(0, entry.rule.fromMs - this.#age()),
      endsInMs: this.#endsIn(entry.rule),
      matched: entry.matched,
      applied: entry.applied,
    }));
  }

  #hits(entry: Entry): boolean {
    entry.matched++;
    if (entry.matched <= entry.rule.skip) return false;
    if (entry.rule.probability < 1 && this.#random.next() >= entry.rule.probability) return false;
    entry.applied++;
    return true;
  }

  #stateOf({ rule, applied }: Entry): RuleState['state'] {
    const age = this.#age();
    if (age < rule.fromMs) return 'waiting';
    if (rule.forMs !== undefined && age >= rule.fromMs + rule.forMs) return 'expired';
    return rule.times !== undefined && applied >= rule.times ? 'used_up' : 'active';
  }

  #endsIn(rule: FaultRule): number | undefined {
    return rule.forMs === undefined ? undefined : Math.max(0, rule.fromMs + rule.forMs - this.#age());
  }

  #age(): number {
    return this.#clock.now() - this.#setAt;
  }
}

function aimedAt(rule: FaultRule, target: FaultTarget): boolean {
  if (rule.surface !== 'any' && rule.surface !== target.surface) return false;
  if (rule.model !== undefined && !matchesGlob(rule.model, target.model)) return false;
  if (rule.methods?.some((glob) => matchesGlob(glob, target.method)) === false) return false;
  return rule.key === undefined || matchesGlob(rule.key, target.key) || matchesGlob(rule.key, target.keyHash);
}

function phaseOf(fault: Fault): Phase | undefined {
  switch (fault.kind) {
    case 'latency':
    case 'silence':
      return 'delay';
    case 'error':
    case 'capacity':
    case 'cancelled':
    case 'html200':
      return 'outcome';
    case 'emptyAnswer':
    case 'missingFinish':
    case 'thoughtsOnly':
    case 'malformedFunctionCall':
    case 'finishReason':
    case 'continuation':
    case 'prefillStyle':
      return 'answer';
    case 'firstTokenDelay':
      return 'firstToken';
    case 'slow':
    case 'throughput':
      return 'pace';
    case 'comments':
      return 'decor';
    case 'refuse':
      return undefined;
    case 'reset':
      return fault.beforeHeaders ? 'outcome' : 'stream';
    default:
      return 'stream';
  }
}
