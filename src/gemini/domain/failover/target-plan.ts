import { type Clock } from '../../../kernel/clock.js';
import { CallMemory } from './call-memory.js';
import { OriginalError } from './original-error.js';
import { type Availability, type Target, targetId } from './target.js';
import { type AttemptVerdict } from './verdict.js';

/** Limits of one call. */
export interface PlanLimits {
  /**
   * Attempts in all. A refusal (quota, key, size) cost the upstream nothing, so the fresh target after it is not counted.
   * Beyond them a call may still go on to models it has not tried, unless `strict`. Both together at most double the
   * attempts; bad keys count nowhere, each is met once.
   */
  readonly attempts: number;
  readonly strict?: boolean;
  /** How long an earlier model is waited for while a later one is ready, ms. */
  readonly patienceMs: number;
  /** Longest wait when nothing is ready, ms. */
  readonly waitLimitMs: number;
}

/** What to do next. */
export type PlanStep =
  | {
      readonly kind: 'go';
      readonly target: Target;
      readonly waitMs: number;
      /** A model is asked once more, other than with a fresh key after a refusal: what the retry budget bounds. */
      readonly repeats: boolean;
    }
  | {
      readonly kind: 'stop';
      /**
       * `final`: no other target can help; `exhausted`: none is left; `limit`: of attempts; `resting`: of waiting;
       * `budget`: only repetitions are left, and none may be made.
       */
      readonly why: 'final' | 'exhausted' | 'limit' | 'resting' | 'budget';
      /** When another call has a chance, ms from now; undefined when waiting does not help. */
      readonly retryAfterMs: number | undefined;
      /** Why the circuit of the first target that has an open one refuses. */
      readonly cause?: string;
    };

interface Candidate {
  readonly target: Target;
  readonly waitMs: number;
  readonly tries: number;
}

const REFUSALS: ReadonlySet<string> = new Set(['quota', 'key', 'too_long', 'client_error']);

/**
 * The way of one call along its targets: keys first, then models; the last attempt goes to a model not yet tried where
 * there is one. A target that stayed silent is not asked again, and its model comes last.
 */
export class TargetPlan<E> {
  readonly #errors: OriginalError<E>;
  readonly #memory: CallMemory;
  /** Targets being asked now; one that is hedged with itself stands twice. */
  #running: readonly Target[] = [];
  /** The last failure was a refusal. */
  #refused = false;
  #counted = 0;
  #badKeys = 0;
  #attempts = 0;
  #over = false;

  /** @param models the model asked for, then its fallbacks, without repetition */
  constructor(
    private readonly clock: Clock,
    private readonly models: readonly string[],
    private readonly availability: Availability,
    private readonly limits: PlanLimits,
  ) {
    this.#errors = new OriginalError(models[0]);
    this.#memory = new CallMemory(models, availability);
  }

  /** The error to show when nothing answered; undefined when nothing was tried. */
  get original(): E | undefined {
    return this.#errors.error;
  }

  /** Attempts begun so far. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * The next target, which counts as begun; `stop` is no more than "nothing new" while another attempt still runs.
   * @param mayRepeat whether a model may be asked once more; going on to one not yet asked is no repetition
   */
  next(mayRepeat = true): PlanStep {
    if (this.#over) return { kind: 'stop', why: 'final', retryAfterMs: undefined };
    const all = this.#candidates();
    const spent = this.#lastSpent();
    const candidates = mayRepeat && !spent ? all : all.filter((candidate) => this.#mayGoOn(candidate, spent));
    const chosen = this.#choose(candidates);
    if (chosen === undefined) {
      if (candidates.length < all.length) return this.#stop(spent ? 'limit' : 'budget');
      return this.#stop(candidates.length > 0 ? 'resting' : 'exhausted');
    }
    if (this.#attempts - this.#badKeys >= 2 * this.limits.attempts) return this.#stop('limit');
    const repeats = this.#repeats(chosen);
    this.#begin(chosen.target, this.#free(chosen));
    return { kind: 'go', target: chosen.target, waitMs: chosen.waitMs, repeats };
  }

  /** Takes up a target that is being asked already, under another plan. */
  adopt(target: Target): void {
    this.#begin(target, false);
  }

  /** A target not yet tried that is ready now, to be asked beside those that run; it counts as begun. */
  beside(): Target | undefined {
    if (this.#over || this.#lastSpent()) return undefined;
    const ready = this.#candidates().filter(({ waitMs, tries }) => waitMs === 0 && tries === 0);
    const chosen = ready.find(({ target }) => !this.#asksModel(target.model)) ?? ready[0];
    if (chosen !== undefined) this.#begin(chosen.target, false);
    return chosen?.target;
  }

  /** A target to ask the same of as the one that runs: the same model with another key where there is one; it counts as begun. */
  hedge(): Target | undefined {
    const [first] = this.#running;
    if (this.#over || first === undefined || this.#running.length > 1 || this.#lastSpent()) return undefined;
    const other = this.#candidates().find(({ target, waitMs }) => target.model === first.model && waitMs === 0);
    const chosen = other?.target ?? first;
    this.#begin(chosen, false);
    return chosen;
  }

  /** A target of `beside` or `hedge` is not asked after all, which says nothing about it. */
  withdraw(target: Target): void {
    this.#ended(target);
    this.#memory.withdrawn(target);
    this.#counted--;
    this.#attempts--;
  }

  /** Takes in how an attempt failed; `backoffMs` is the wait before a repetition when the server names none longer. */
  failed(target: Target, verdict: AttemptVerdict, error: E, backoffMs: number): void {
    this.#ended(target);
    this.#errors.add(error, verdict, target.model);
    this.#refused = REFUSALS.has(verdict.cause);
    if (verdict.keyFault !== undefined) this.#badKeys++;
    const pause = verdict.cause === 'part' ? 0 : backoffMs;
    if (this.#memory.mayRepeat(target, verdict, { now: this.clock.now(), backoffMs: pause })) return;
    // A fallback may refuse what the model asked for takes: that says nothing about the other targets.
    const stranger = verdict.cause === 'client_error' && target.model !== this.models[0];
    if (verdict.others === 'none' && !stranger) this.#over = true;
    else this.#memory.leave(target, verdict);
  }

  #candidates(): Candidate[] {
    const now = this.clock.now();
    const found: Candidate[] = [];
    for (const target of this.#memory.targets()) {
      if (this.#runs(target) || this.#memory.isLeft(target)) continue;
      if (this.availability.openMs(target) > 0) continue;
      const waitMs = this.#memory.waitMs(target, now);
      if (waitMs < Infinity) found.push({ target, waitMs, tries: this.#memory.triesOf(target) });
    }
    return found;
  }

  #choose(candidates: readonly Candidate[]): Candidate | undefined {
    const best = new Map<string, Candidate>();
    for (const candidate of candidates) {
      const known = best.get(candidate.target.model);
      if (known === undefined || sooner(candidate, known)) best.set(candidate.target.model, candidate);
    }
    const models = [...best.values()];
    const first = models.find(({ waitMs }) => waitMs <= this.limits.patienceMs);
    if (first !== undefined) return this.#lastChance(first, models);
    const [soonest] = models.sort((a, b) => a.waitMs - b.waitMs);
    return soonest !== undefined && soonest.waitMs <= this.limits.waitLimitMs ? soonest : undefined;
  }

  /** In place of one more try of a model, as the last attempt, a model that has not been tried. */
  #lastChance(chosen: Candidate, models: readonly Candidate[]): Candidate {
    if (!this.#repeats(chosen) || this.#counted + 1 < this.limits.attempts) return chosen;
    return models.find(({ target, waitMs }) => waitMs === 0 && this.#memory.triesOfModel(target.model) === 0) ?? chosen;
  }

  #free(candidate: Candidate): boolean {
    return this.#refused && candidate.tries === 0;
  }

  #repeats(candidate: Candidate): boolean {
    return this.#memory.triesOfModel(candidate.target.model) > 0 && !this.#free(candidate);
  }

  /** Where nothing may be repeated, or the attempts are spent. */
  #mayGoOn(candidate: Candidate, spent: boolean): boolean {
    return spent && this.limits.strict === true ? this.#free(candidate) : !this.#repeats(candidate);
  }

  #lastSpent(): boolean {
    return this.#counted >= this.limits.attempts;
  }

  #begin(target: Target, free: boolean): void {
    if (!free) this.#counted++;
    this.#attempts++;
    this.#memory.begun(target);
    this.#running = [...this.#running, target];
  }

  #ended(target: Target): void {
    const at = this.#running.findIndex((one) => targetId(one) === targetId(target));
    this.#running = this.#running.filter((_, index) => index !== at);
  }

  #runs(target: Target): boolean {
    return this.#running.some((one) => targetId(one) === targetId(target));
  }

  #asksModel(model: string): boolean {
    return this.#running.some((one) => one.model === model);
  }

  #stop(why: 'exhausted' | 'limit' | 'resting' | 'budget'): PlanStep {
    const now = this.clock.now();
    // The node's own pauses between attempts are this call's business, and tell another nothing.
    const restOf = (target: Target): number =>
      why === 'limit' || why === 'budget' ? this.availability.restMs(target) : this.#memory.waitMs(target, now);
    const targets = this.#memory.targets();
    const waits = targets.map((target) => Math.max(restOf(target), this.availability.openMs(target)));
    const soonest = Math.min(Infinity, ...waits);
    const cause = targets.map((target) => this.availability.openCause?.(target)).find((words) => words !== undefined);
    const retryAfterMs = soonest > 0 && soonest < Infinity ? soonest : undefined;
    return { kind: 'stop', why, retryAfterMs, ...(cause === undefined ? {} : { cause }) };
  }
}

function sooner(one: Candidate, other: Candidate): boolean {
  return one.waitMs < other.waitMs || (one.waitMs === other.waitMs && one.tries < other.tries);
}
