import { type Clock } from '../../../kernel/clock.js';
import { type CircuitOptions } from './circuit-options.js';
import {
  type CircuitState,
  type CircuitStateName,
  type GroundState,
  type HalfOpenState,
  openingReason,
  type OpeningRule,
  transition,
} from './circuit-state.js';
import { circuitView, type CircuitView } from './circuit-view.js';
import { OpenTime } from './open-time.js';
import { NO_PROBE, Permit, type VerdictDesk } from './permit.js';
import { ProbePlaces } from './probe-places.js';
import { refusalOf, type Rejection } from './refusal.js';
import { readSaved, savedCircuit, type SavedCircuit } from './saved-circuit.js';
import { TransitionChannel } from './transition-channel.js';
import { TripRules } from './trip-rules.js';

/**
 * The circuit breaker of one target (M. Nygard, "Release It!"; states as in Polly and
 * resilience4j, which call it isolated or forced open when an operator holds it). Every
 * wait is reckoned on the monotonic clock when somebody asks, so there are no timers. Each
 * change of state begins a generation, and only calls of the present one have a say.
 */
export class Circuit {
  readonly #rules: TripRules;
  readonly #openTime: OpenTime;
  readonly #places: ProbePlaces;
  readonly #successesToClose: number;
  readonly #timesCalls: boolean;
  readonly #desk: VerdictDesk;
  #state: CircuitState;
  #generation = 1;
  #lastTicket = NO_PROBE;
  #opened = 0;
  #rejected = 0;

  /** @param options as made by `circuitOptions` */
  constructor(
    readonly name: string,
    options: CircuitOptions,
    private readonly clock: Clock,
    private readonly channel = new TransitionChannel(),
  ) {
    this.#rules = new TripRules(options);
    this.#openTime = new OpenTime(options);
    this.#places = new ProbePlaces(options.probes, options.probeLimitMs);
    this.#successesToClose = options.successesToClose;
    this.#timesCalls = options.slowRate !== false;
    this.#state = { kind: 'closed', ...this.#sinceNow() };
    this.#desk = {
      succeeded: (call, tookMs) => {
        this.#judge(call, tookMs, undefined);
      },
      failed: (call, cause, tookMs) => {
        this.#judge(call, tookMs, cause ?? 'failure');
      },
      ignored: (call) => {
        this.#places.free(call.ticket);
      },
    };
  }

  /** Name of the present state; one whose wait is over stays open until a call comes to try it. */
  get state(): CircuitStateName {
    return this.#state.kind;
  }

  /** Asks to begin a call: a permit, on which a verdict must be given in the end, or a rejection. Never throws. */
  tryAcquire(): Permit | Rejection {
    const { kind } = this.#state;
    if (kind === 'closed' || kind === 'disabled') {
      return new Permit(this.#desk, this.#generation, this.#timesCalls ? this.clock.now() : 0, NO_PROBE);
    }
    const now = this.clock.now();
    const refusal = refusalOf(this.#state, now, this.#places);
    if (refusal === undefined) return this.#admitProbe(now);
    this.#rejected++;
    return refusal;
  }

  /** What `tryAcquire` would refuse a call with at this moment, if it would; takes nothing. `counted`: a call is turned away by it. */
  refusal(counted = false): Rejection | undefined {
    const refusal = refusalOf(this.#state, this.clock.now(), this.#places);
    if (counted && refusal !== undefined) this.#rejected++;
    return refusal;
  }

  /** Lets the next call be the probe although the open time is not over: another sign says that the target is back. */
  expedite(): void {
    const now = this.clock.now();
    const state = this.#state;
    if (state.kind === 'open' && state.until > now) this.#state = { ...state, until: now };
  }

  /** Holds it open until `release`; false when it is held already. `cause` is shown. */
  isolate(cause?: string): boolean {
    const state = this.#state;
    if (state.kind === 'isolated') return false;
    const ground = state.kind === 'half_open' ? this.#openUntilNow(state) : state;
    this.#enter({ kind: 'isolated', ...this.#sinceNow(), ground, reason: openingReason('operator', cause) });
    return true;
  }

  /** Lifts isolation: what was closed is closed, what was open waits for the rest of its time; false when not isolated. */
  release(): boolean {
    if (this.#state.kind !== 'isolated') return false;
    const { ground } = this.#state;
    this.#enter(ground.kind === 'open' ? ground : { ...ground, ...this.#sinceNow() });
    return true;
  }

  /** Closes it and forgets counts and growth; what an operator has isolated or disabled stays so. */
  reset(): void {
    const state = this.#state;
    this.#openTime.resume(undefined);
    if (state.kind === 'open' || state.kind === 'half_open') this.#close();
    else if (state.kind === 'closed') this.#beginGeneration(state);
    else if (state.kind === 'isolated' && state.ground.kind === 'open') {
      this.#state = { ...state, ground: { kind: 'closed', ...this.#sinceNow() } };
    }
  }

  /** Lets every call through and counts none, until `enable`; isolation ends with it. */
  disable(): void {
    if (this.#state.kind !== 'disabled') this.#enter({ kind: 'disabled', ...this.#sinceNow() });
  }

  /** Ends `disable`: closed, with nothing counted. */
  enable(): void {
    const state = this.#state;
    if (state.kind === 'disabled') this.#close();
    else if (state.kind === 'isolated' && state.ground.kind === 'disabled') {
      this.#state = { ...state, ground: { kind: 'closed', ...this.#sinceNow() } };
    }
  }

  /** What is to outlive a restart. */
  save(): SavedCircuit {
    const at = { now: this.clock.now(), wall: this.clock.wall() };
    return savedCircuit(this.#state, this.#openTime.lastMs, at);
  }

  /** Takes up what was saved, without telling listeners again; false, and nothing changed, when it cannot be read. */
  restore(stored: unknown): boolean {
    const at = { now: this.clock.now(), wall: this.clock.wall() };
    const resumed = readSaved(stored, at, this.#openTime.maxMs);
    if (resumed === undefined) return false;
    this.#openTime.resume(resumed.grownMs);
    this.#beginGeneration(resumed.state);
    return true;
  }

  /** How it stands; nothing changes by looking. */
  view(): CircuitView {
    const now = this.clock.now();
    const state = this.#state;
    const waits = state.kind === 'open' || state.kind === 'half_open';
    return circuitView(state, {
      name: this.name,
      now,
      wall: this.clock.wall(),
      remainingMs: waits ? (refusalOf(this.#state, now, this.#places)?.remainingMs ?? 0) : undefined,
      probesInFlight: this.#places.held(now),
      counts: this.#rules.counts(now),
      totals: { opened: this.#opened, rejected: this.#rejected, lostProbes: this.#places.lost },
    });
  }

  #admitProbe(now: number): Permit {
    const { kind: from } = this.#state;
    if (this.#state.kind === 'open') {
      const { reason } = this.#state;
      this.#beginGeneration({ kind: 'half_open', ...this.#sinceNow(), successes: 0, reason });
    }
    const ticket = ++this.#lastTicket;
    this.#places.take(ticket, now);
    const permit = new Permit(this.#desk, this.#generation, now, ticket);
    // Told last: a listener that calls again finds the place taken.
    if (from === 'open') this.#tell(from, false);
    return permit;
  }

  /** A verdict; `cause` is undefined for a success. */
  #judge(call: Permit, tookMs: number | undefined, cause: string | undefined): void {
    if (call.generation !== this.#generation) return;
    const state = this.#state;
    if (state.kind === 'closed') {
      const timed = this.#rules.needsEnd || (this.#timesCalls && tookMs === undefined);
      const now = timed ? this.clock.now() : 0;
      const took = this.#timesCalls ? (tookMs ?? now - call.startedAt) : 0;
      const rule = this.#rules.record(cause !== undefined, took, now);
      if (rule !== undefined) this.#open(rule, cause, this.clock.now() - state.since);
    } else if (state.kind === 'half_open') {
      this.#places.free(call.ticket);
      if (cause !== undefined) this.#open('probe_failed', cause);
      else if (this.#tooSlow(state, tookMs ?? this.clock.now() - call.startedAt)) this.#open('probe_slow');
      else if (state.successes + 1 >= this.#successesToClose) this.#close();
      else this.#state = { ...state, successes: state.successes + 1 };
    }
  }

  /** A circuit that opened for slowness is not closed by a slow answer. */
  #tooSlow({ reason }: HalfOpenState, tookMs: number): boolean {
    return (reason.rule === 'slow_rate' || reason.rule === 'probe_slow') && tookMs > this.#rules.slowerThanMs;
  }

  #open(rule: OpeningRule, cause?: string, closedForMs?: number): void {
    const since = this.#sinceNow();
    const openMs = this.#openTime.next(closedForMs);
    // A failed probe adds nothing to what was counted; that stays to be seen.
    const counts = this.#state.kind === 'half_open' ? this.#state.reason.counts : this.#rules.counts(since.since);
    const reason = openingReason(rule, cause, counts);
    this.#opened++;
    this.#enter({ kind: 'open', ...since, until: since.since + openMs, openMs, reason }, true);
  }

  #close(): void {
    this.#enter({ kind: 'closed', ...this.#sinceNow() });
  }

  #openUntilNow({ reason }: HalfOpenState): GroundState {
    const since = this.#sinceNow();
    return { kind: 'open', ...since, until: since.since, openMs: this.#openTime.lastMs ?? 0, reason };
  }

  #enter(state: CircuitState, opening = false): void {
    const from = this.#state.kind;
    this.#beginGeneration(state);
    this.#tell(from, opening);
  }

  #beginGeneration(state: CircuitState): void {
    this.#state = state;
    this.#generation++;
    this.#rules.clear();
    this.#places.clear();
  }

  #tell(from: CircuitStateName, opening: boolean): void {
    this.channel.publish(transition(this.name, from, this.#state, opening));
  }

  #sinceNow(): { since: number; sinceWall: number } {
    return { since: this.clock.now(), sinceWall: this.clock.wall() };
  }
}
