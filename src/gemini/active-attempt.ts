import { type Permit, type Place } from '../resilience/index.js';
import { type AnswerKind } from './answer-times.service.js';
import { attemptResult } from './attempt-result.js';
import { attemptVerdict } from './domain/failover/attempt-verdict.js';
import { type Target } from './domain/failover/target.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { type ExchangeHost } from './exchange-host.js';
import { type Run } from './run.js';
import { type RunResult } from './run-result.js';

/** What an attempt holds until it is over. */
export interface Held {
  /** Its place among the attempts that wait for their first word. */
  readonly place: Place;
  /** Leave of the target's circuit. */
  readonly permit: Permit;
  /** Gives back the place at the key. */
  readonly release: () => void;
}

/** One attempt at a target while it runs: what it holds, and what is learnt from how it goes. */
export class ActiveAttempt {
  readonly #began = performance.now();
  #spoke = false;
  #outrun = false;

  constructor(
    private readonly host: ExchangeHost,
    readonly run: Run,
    readonly target: Target,
    private readonly kind: AnswerKind,
    private readonly held: Held,
    /** Which attempt of its call it is, from 1; of those side by side the first may still be the one that answers. */
    readonly number: number,
  ) {}

  /** The first word came after `ms`: what flows now is no load on those who wait for theirs. */
  firstWord(ms: number): void {
    this.#spoke = true;
    this.host.times.began(this.kind, ms);
    this.host.targets.spoke(this.target, ms);
    this.held.place.firstToken();
    this.held.place.leave();
  }

  /** Another attempt has spoken first. */
  outrun(): void {
    this.#outrun = true;
    this.run.abandon('aborted');
  }

  /** Judges how the attempt ended, gives back what it held, and tells circuit, key and learnt limits. */
  judge(result: RunResult): AttemptVerdict {
    const { waitLimitMs } = this.host.policy.settings;
    const verdict = attemptVerdict(attemptResult(result), { wall: Date.now(), waitLimitMs });
    this.#learnTimes(result, verdict);
    this.held.release();
    this.#tellCircuit(result, verdict);
    this.host.targets.learn(this.target, verdict, this.#began);
    return verdict;
  }

  #learnTimes({ outcome }: RunResult, { cause }: AttemptVerdict): void {
    const { place } = this.held;
    if (!this.#spoke) {
      if (outcome === 'ok') this.firstWord(this.run.upstreamMs);
      else if (cause === 'silent') this.host.times.gaveUp(this.kind, this.#tookMs, true);
      else if (cause === 'aborted' || cause === 'late') this.host.times.gaveUp(this.kind, this.#tookMs, false);
    }
    if (cause === 'silent' || cause === 'capacity' || cause === 'overload') place.dropped();
    place.leave();
  }

  #tellCircuit({ status }: RunResult, { circuit, cause }: AttemptVerdict): void {
    const { permit } = this.held;
    // An answer that begins well and then breaks is no matter of its status.
    const why = status === undefined || status < 400 ? cause : `status ${status}`;
    if (circuit === 'success') permit.success(0);
    // A failure that came at once is not slow as well.
    else if (circuit === 'failure') permit.failure(why, cause === 'silent' ? this.#tookMs : 0);
    else if (this.#outrun && this.#tookMs >= this.host.times.besideMs(this.kind)) {
      // Slow, but it may yet have answered: a probe proves nothing by that.
      if (permit.probe) permit.failure('late');
      else permit.success(this.#tookMs);
    } else permit.ignore();
  }

  get #tookMs(): number {
    return performance.now() - this.#began;
  }
}
