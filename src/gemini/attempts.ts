import { type IncomingMessage } from 'node:http';
import { type GatewayError } from '../kernel/gateway-error.js';
import { ActiveAttempt } from './active-attempt.js';
import { type AnswerKind } from './answer-times.service.js';
import { refusalOf, unanswered, understood } from './attempt-result.js';
import { AttemptStarter, type Lone, NOTHING_ASKED, type StarterOwner } from './attempt-starter.js';
import { CallTally } from './call-tally.js';
import { type AnswerFacts } from './domain/answer-state.js';
import { type Target, targetId } from './domain/failover/target.js';
import { type PlanStep, type TargetPlan } from './domain/failover/target-plan.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { type Route } from './domain/route.js';
import { type AttemptsCall, type Question } from './attempts-call.js';
import { type ExchangeHost } from './exchange-host.js';
import { type ReplyFacts, type ReplyPort } from './reply-port.js';
import { type Run, type RunOwner } from './run.js';
import { type RunResult } from './run-result.js';
import { Resumption } from './resumption.js';
import { type OpinionUse, SecondOpinion } from './second-opinion.js';

/** The attempts of one call, one after the other and, where a first word is late, side by side. */
export class Attempts implements RunOwner, StarterOwner {
  readonly limits: ExchangeHost['limits'];
  readonly tally = new CallTally();
  readonly #opinion: SecondOpinion;
  readonly #starter: AttemptStarter;
  #question: Question = NOTHING_ASKED;
  #plan: TargetPlan<RunResult> | undefined;
  #active: readonly ActiveAttempt[] = [];
  #lone: Lone | undefined;
  #hedges = 0;

  constructor(
    private readonly host: ExchangeHost,
    private readonly call: AttemptsCall,
  ) {
    this.limits = host.limits;
    this.#starter = new AttemptStarter(host, call, this);
    this.#opinion = new SecondOpinion(host.times, (use) => this.#askAnother(use));
  }

  get route(): Route {
    return this.call.route;
  }

  get reply(): ReplyPort {
    return this.call.reply;
  }

  /** Attempts sent so far. */
  get sent(): number {
    return this.#starter.sent;
  }

  /** The first malformed function call is asked for again, the second stands. */
  get takesBadCall(): boolean {
    const { policy } = this.host;
    return this.sent > 1 || policy.settings.attempts === 1 || !policy.has('retry');
  }

  get finished(): boolean {
    return this.#active.some(({ run }) => run.finished);
  }

  /** Milliseconds spent waiting for a place so far. */
  get queuedMs(): number {
    return this.#starter.queuedMs;
  }

  /** What was needed so far, in the words of `x-l104-healing`. */
  healing(run: Run | undefined): string[] {
    const other = run !== undefined && this.#plan !== undefined && this.#isOther(run.model);
    const retried = (this.#of(run)?.number ?? this.sent) - this.#hedges > 1;
    return [...(retried ? ['retry'] : []), ...(other ? ['failover'] : []), ...(this.#hedges > 0 ? ['hedge'] : [])];
  }

  /** Sends something that can be sent only once: one attempt, whatever comes of it. */
  once(body: Buffer | IncomingMessage | null, model: string | undefined): void {
    this.#lone = this.#starter.lone(body, model);
    this.#lone.send();
  }

  /** Asks, along the plan of targets, until an answer begins or nothing is left to try. */
  ask(question: Question): void {
    this.#question = this.#starter.question = question;
    this.host.policy.call();
    this.#plan = this.host.targets.plan(question, this.call.request, this.call.route);
    this.#advance();
  }

  /** Gives up whatever runs or waits. */
  abandon(outcome: 'aborted' | 'timeout'): void {
    this.#opinion.stop();
    this.#starter.stop();
    this.#lone?.run.abandon(outcome);
    for (const { run } of this.#active) run.abandon(outcome);
  }

  facts(run: Run, model: string | undefined): ReplyFacts {
    return this.call.facts(run, model);
  }

  rewrite(headers: string[]): string[] {
    return this.call.rewrite(headers);
  }

  /** First to speak wins: the others are given up before a byte is sent. */
  claimed(winner: Run): void {
    this.#opinion.stop();
    for (const active of this.#active) if (active.run !== winner) active.outrun();
  }

  firstToken(run: Run, ms: number): void {
    this.#of(run)?.firstWord(ms);
    this.tally.firstToken();
    this.host.metrics.firstToken(ms);
  }

  answered(answer: AnswerFacts | undefined): void {
    this.tally.answered(answer);
    if (this.route.kind === 'generate' || this.route.kind === 'chat') this.host.metrics.answered(answer);
  }

  alive(): void {
    this.call.alive();
  }

  ended(run: Run, result: RunResult): void {
    this.host.metrics.ended(result, run.model);
    this.host.health.ended(result, run);
    this.tally.spent(result.spent);
    const active = this.#of(run);
    if (active === undefined) {
      this.#lone?.passage.over(result);
      if (!this.call.over) this.call.settled(run, result.outcome === 'ok' ? undefined : result);
      return;
    }
    this.#active = this.#active.filter((one) => one !== active);
    const verdict = active.judge(result);
    if (this.call.over) return;
    if (result.outcome === 'ok') this.#succeeded(active);
    else if (result.outcome !== 'aborted') this.#failed(active, verdict, result);
  }

  #succeeded({ run, target, number }: ActiveAttempt): void {
    if (number > 1 || this.#isOther(target.model)) this.host.metrics.helped();
    if (this.#isOther(target.model)) this.host.metrics.rotated();
    this.host.targets.answered(this.#question.models[0] ?? target.model, target);
    if (number > 1) {
      this.host.metrics.rescued();
      this.call.log('retry_success', { attempts: this.sent, model: target.model }, 'a further attempt gave the answer');
    }
    this.call.settled(run, undefined);
  }

  #failed({ run, target }: ActiveAttempt, verdict: AttemptVerdict, result: RunResult): void {
    const plan = this.reply.begun ? this.#resumed(run, target, result) : this.#plan;
    if (plan === undefined) {
      this.call.settled(run, result);
      return;
    }
    const judged = this.#starter.judged(target, verdict, result);
    plan.failed(target, judged, understood(result, verdict), this.host.policy.waitMs(this.sent, judged.waitMs));
    // While another attempt still runs there is nothing to decide.
    if (this.#active.length === 0) this.#advance();
  }

  /** The plan by which a broken answer is gone on with; undefined where it cannot be. */
  #resumed({ delivered, form }: Run, target: Target, result: RunResult): TargetPlan<RunResult> | undefined {
    if (this.#starter.resumption === undefined) {
      const resumption = Resumption.of(this.host, this.call, this.#starter.question, { delivered, form, target });
      if (resumption === undefined) return undefined;
      this.#starter.resumption = resumption;
      this.#plan = resumption.plan;
    }
    return this.#starter.resumption.broke(target, result) ? this.#plan : undefined;
  }

  #advance(): void {
    // The timer of a deadline that has passed is due, and ends the call by the right name.
    if (this.call.over || this.call.leftMs <= 0 || this.#plan === undefined) return;
    const use = this.#starter.resumption === undefined ? 'retry' : 'resume';
    const funded = this.sent === 0 || this.host.policy.has(use);
    const step = this.#plan.next(funded);
    if (step.kind === 'stop') {
      this.#giveUp(step);
      return;
    }
    const late = step.waitMs > this.call.leftMs;
    if (late || (use === 'resume' && !funded)) {
      this.#giveUp({ kind: 'stop', why: late ? 'resting' : 'budget', retryAfterMs: late ? step.waitMs : undefined });
      return;
    }
    // Another model, or a fresh key after a refusal, was not asked before: circuits and rests bound those.
    if (use === 'resume' || step.repeats) this.host.policy.take(use);
    const { model } = step.target;
    const text = this.sent > 0 ? 'trying again' : 'the model asked for cannot be asked now';
    if (this.sent > 0 || this.#isOther(model)) this.#tell(model, { wait_ms: Math.round(step.waitMs) }, text);
    this.#starter.begin(step.target, step.waitMs);
  }

  #of(run: Run | undefined): ActiveAttempt | undefined {
    return this.#active.find((active) => active.run === run);
  }

  #isOther(model: string | undefined): boolean {
    return model !== this.#question.models[0];
  }

  #tell(model: string, fields: Record<string, unknown>, text: string): void {
    const event = this.#isOther(model) ? 'model_failover' : 'retry_attempt';
    this.call.log(event, { attempt: this.sent + 1, model, ...fields }, text);
  }

  /** The node itself does not let a target be asked now. */
  refused(target: Target, failed: GatewayError): void {
    const hedged = this.#active.some((active) => targetId(active.target) === targetId(target));
    if (hedged) this.#plan?.withdraw(target);
    else this.#plan?.failed(target, refusalOf(failed), { outcome: 'broken', status: undefined, failed }, 0);
    if (this.#active.length === 0) this.#advance();
  }

  launched(active: ActiveAttempt, kind: AnswerKind): void {
    this.#active = [...this.#active, active];
    if (this.#active.length === 1) this.#opinion.watch(kind, this.host.targets.several(this.#question.models));
  }

  /** A silent attempt is waited for, but beside it another is sent; the first to speak answers. */
  #askAnother(use: OpinionUse): boolean {
    if (this.call.over || this.reply.begun || this.#active.length !== 1) return false;
    const target = use === 'hedge' ? this.#plan?.hedge() : this.#plan?.beside();
    if (target === undefined) return false;
    if (!this.#starter.mayBegin(target) || !this.host.policy.take(use === 'hedge' ? 'hedge' : 'retry')) {
      this.#plan?.withdraw(target);
      return false;
    }
    if (use === 'hedge') this.#hedges++;
    this.#tell(target.model, { beside: use }, 'the first word is late: asking beside it');
    this.#starter.begin(target);
    return true;
  }

  #giveUp(step: Extract<PlanStep, { kind: 'stop' }>): void {
    if (this.sent > 1 || (step.why === 'budget' && this.sent > 0)) {
      this.host.metrics.exhausted();
      this.call.log('retry_exhausted', { attempts: this.sent, why: step.why }, 'no attempt gave an answer');
    }
    this.call.settled(undefined, unanswered(this.#plan?.original, step));
  }
}
