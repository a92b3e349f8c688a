import { type IncomingMessage } from 'node:http';
import { type GatewayError } from '../kernel/gateway-error.js';
import { ActiveAttempt } from './active-attempt.js';
import { type AnswerKind } from './answer-times.service.js';
import { nobodyReady } from './attempt-result.js';
import { AttemptStarter, type Lone, NOTHING_ASKED, type StarterOwner } from './attempt-starter.js';
import { type Usage } from './domain/answer-state.js';
import { type Target, targetId } from './domain/failover/target.js';
import { type PlanStep, type TargetPlan } from './domain/failover/target-plan.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { type Route } from './domain/route.js';
import { type AttemptsCall, type Question } from './attempts-call.js';
import { type ExchangeHost } from './exchange-host.js';
import { type ReplyFacts, type ReplyPort } from './reply-port.js';
import { type Run, type RunOwner, type RunResult } from './run.js';
import { Resumption } from './resumption.js';
import { type OpinionUse, SecondOpinion } from './second-opinion.js';

/** The node itself refuses: another target may be free. */
const REFUSED: AttemptVerdict = { cause: 'local', retry: 'elsewhere', others: 'any', circuit: 'ignore' };

/** The attempts of one call, one after the other and, where a first word is late, side by side. */
export class Attempts implements RunOwner, StarterOwner {
  readonly limits: ExchangeHost['limits'];
  readonly #opinion: SecondOpinion;
  readonly #starter: AttemptStarter;
  #question: Question = NOTHING_ASKED;
  #plan: TargetPlan<RunResult> | undefined;
  #active: readonly ActiveAttempt[] = [];
  #lone: Lone | undefined;
  #timer: NodeJS.Timeout | undefined;
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
    const other = run !== undefined && this.#plan !== undefined && run.model !== this.#question.models[0];
    const retried = this.sent - this.#hedges > 1;
    return [...(retried ? ['retry'] : []), ...(other ? ['failover'] : []), ...(this.#hedges > 0 ? ['hedge'] : [])];
  }

  /** Sends something that can be sent only once: one attempt, whatever comes of it. */
  once(body: Buffer | IncomingMessage | null, model: string | undefined): void {
    this.#lone = this.#starter.lone(body, model);
    this.#lone.send();
  }

  /** Asks, along the plan of targets, until an answer begins or nothing is left to try. */
  ask(question: Question): void {
    this.#question = question;
    this.#starter.question = question;
    this.host.policy.call();
    this.#plan = this.host.targets.plan(question, this.call.request, this.call.route);
    this.#advance();
  }

  /** Gives up whatever runs or waits. */
  abandon(outcome: 'aborted' | 'timeout'): void {
    clearTimeout(this.#timer);
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
    clearTimeout(this.#timer);
    this.#opinion.stop();
    for (const active of this.#active) if (active.run !== winner) active.outrun();
  }

  firstToken(run: Run, ms: number): void {
    this.#active.find((active) => active.run === run)?.firstWord(ms);
    this.host.metrics.firstToken(ms);
  }

  answered(model: string | undefined, usage: Usage | undefined): void {
    if (this.route.kind === 'generate' || this.route.kind === 'chat') this.host.metrics.answered(model, usage);
  }

  alive(): void {
    this.call.alive();
  }

  ended(run: Run, result: RunResult): void {
    const { outcome, status, defect, spent } = result;
    this.host.metrics.ended(outcome, status, run.model);
    this.host.health.ended(outcome, status);
    if (defect !== undefined) this.host.metrics.defect(defect.kind);
    if (spent !== undefined) this.host.metrics.spent(run.model, spent);
    const active = this.#active.find((one) => one.run === run);
    if (active === undefined) {
      this.#lone?.passage.over(result);
      if (!this.call.over) this.call.settled(run, outcome === 'ok' ? undefined : result);
      return;
    }
    this.#active = this.#active.filter((one) => one !== active);
    const verdict = active.judge(result);
    if (this.call.over) return;
    if (outcome === 'ok') this.#succeeded(active);
    else if (outcome !== 'aborted') this.#failed(active, verdict, result);
  }

  #succeeded({ run, target }: ActiveAttempt): void {
    if (this.sent > 1) {
      this.host.metrics.rescued(target.model !== this.#question.models[0]);
      this.call.log('retry_success', { attempts: this.sent, model: target.model }, 'a further attempt gave the answer');
    }
    this.call.settled(run, undefined);
  }

  #failed({ run, target }: ActiveAttempt, verdict: AttemptVerdict, result: RunResult): void {
    const plan = this.reply.begun ? this.#resumed(run, target) : this.#plan;
    if (plan === undefined) {
      this.call.settled(run, result);
      return;
    }
    const judged = this.#starter.judged(target, verdict, result);
    plan.failed(target, judged, result, this.host.policy.waitMs(this.sent, judged.waitMs));
    // While another attempt still runs there is nothing to decide.
    if (this.#active.length === 0) this.#advance();
  }

  /** The plan by which a broken answer is gone on with; undefined where it cannot be. */
  #resumed({ delivered }: Run, target: Target): TargetPlan<RunResult> | undefined {
    if (this.#starter.resumption === undefined) {
      const resumption = Resumption.of(this.host, this.call, this.#starter.question, { delivered, target });
      if (resumption === undefined) return undefined;
      this.#starter.resumption = resumption;
      this.#plan = resumption.plan;
    }
    return this.#starter.resumption.broke(target) ? this.#plan : undefined;
  }

  #advance(): void {
    if (this.call.over || this.#plan === undefined) return;
    clearTimeout(this.#timer);
    const step = this.#plan.next();
    if (step.kind === 'stop') {
      this.#giveUp(step);
      return;
    }
    if (
      step.waitMs > this.call.leftMs ||
      (this.sent > 0 && !this.host.policy.take(this.#starter.resumption === undefined ? 'retry' : 'resume'))
    ) {
      this.#giveUp({ kind: 'stop', why: 'limit', retryAfterMs: step.waitMs > 0 ? step.waitMs : undefined });
      return;
    }
    if (this.sent > 0) this.#tell(step.target.model, { wait_ms: Math.round(step.waitMs) }, 'trying again');
    if (step.waitMs === 0) this.#starter.begin(step.target);
    else
      this.#timer = setTimeout(() => {
        this.#starter.begin(step.target);
      }, step.waitMs);
  }

  #tell(model: string, fields: Record<string, unknown>, text: string): void {
    const event = model === this.#question.models[0] ? 'retry_attempt' : 'model_failover';
    this.call.log(event, { attempt: this.sent + 1, model, ...fields }, text);
  }

  /** The node itself does not let a target be asked now. */
  refused(target: Target, failed: GatewayError): void {
    const hedged = this.#active.some((active) => targetId(active.target) === targetId(target));
    if (hedged) this.#plan?.withdraw(target);
    else this.#plan?.failed(target, REFUSED, { outcome: 'broken', status: undefined, failed }, 0);
    if (this.#active.length === 0) this.#advance();
  }

  launched(active: ActiveAttempt, kind: AnswerKind): void {
    this.#active = [...this.#active, active];
    if (this.#active.length === 1) this.#opinion.watch(kind, this.host.targets.several(this.#question.models));
  }

  /** A silent attempt is waited for, but beside it another is sent; the first to speak answers. */
  #askAnother(use: OpinionUse): boolean {
    if (this.call.over || this.reply.begun || this.#active.length !== 1) return false;
    const plan = this.#plan;
    const target = use === 'hedge' ? plan?.hedge() : plan?.beside();
    if (target === undefined) return false;
    if (!this.host.policy.take(use === 'hedge' ? 'hedge' : 'retry') || !this.#starter.mayBegin(target)) {
      plan?.withdraw(target);
      return false;
    }
    if (use === 'hedge') this.#hedges++;
    this.#tell(target.model, { beside: use }, 'the first word is late: asking beside it');
    this.#starter.begin(target);
    return true;
  }

  #giveUp({ why, retryAfterMs }: Extract<PlanStep, { kind: 'stop' }>): void {
    const original = this.#plan?.original;
    if (this.sent > 1) {
      this.host.metrics.exhausted();
      this.call.log('retry_exhausted', { attempts: this.sent, why }, 'no attempt gave an answer');
    }
    if (original !== undefined) {
      this.call.settled(undefined, original);
      return;
    }
    const failed = nobodyReady(why === 'resting', retryAfterMs);
    this.call.settled(undefined, { outcome: 'broken', status: undefined, failed });
  }
}
