import { type IncomingMessage } from 'node:http';
import { type Permit } from '../resilience/index.js';
import { attemptResult, nobodyReady } from './attempt-result.js';
import { type Usage } from './domain/answer-state.js';
import { attemptVerdict } from './domain/failover/attempt-verdict.js';
import { type Target } from './domain/failover/target.js';
import { type PlanStep, type TargetPlan } from './domain/failover/target-plan.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { type Route } from './domain/route.js';
import { type AttemptsCall, type Question } from './attempts-call.js';
import { type CredentialHeader } from './credentials.js';
import { type ExchangeHost } from './exchange-host.js';
import { addressed, outgoing } from './outgoing.js';
import { attemptAt, Passage } from './passage.js';
import { type ReplyFacts, type ReplyPort } from './reply-port.js';
import { Run, type RunOwner, type RunResult } from './run.js';

interface Active {
  readonly run: Run;
  readonly target: Target;
  readonly permit: Permit;
  readonly began: number;
  readonly release: () => void;
}

const CIRCUIT_REFUSED: AttemptVerdict = { cause: 'local', retry: 'elsewhere', others: 'any', circuit: 'ignore' };

/** The attempts of one call, one after the other and, where a first word is late, side by side. */
export class Attempts implements RunOwner {
  readonly limits: ExchangeHost['limits'];
  #question: Question = { body: Buffer.alloc(0), form: undefined, models: [] };
  #plan: TargetPlan<RunResult> | undefined;
  #active: readonly Active[] = [];
  #lone: { readonly run: Run; readonly passage: Passage } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;

  constructor(
    private readonly host: ExchangeHost,
    private readonly call: AttemptsCall,
  ) {
    this.limits = host.limits;
  }

  get route(): Route {
    return this.call.route;
  }

  get reply(): ReplyPort {
    return this.call.reply;
  }

  /** Attempts sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** What was needed so far, in the words of `x-l104-healing`. */
  healing(run: Run | undefined): string[] {
    const other = run !== undefined && this.#plan !== undefined && run.model !== this.#question.models[0];
    return [...(this.#sent > 1 ? ['retry'] : []), ...(other ? ['failover'] : [])];
  }

  /** Sends something that can be sent only once: one attempt, whatever comes of it. */
  once(body: Buffer | IncomingMessage | null, model: string | undefined): void {
    this.#sent++;
    this.host.metrics.sent();
    const passage = new Passage(this.host, this.call, body);
    const run = new Run(this, attemptAt(passage.target, this.host, this.call), model, undefined);
    this.#lone = { run, passage };
    this.#send(run, this.call.route.target, body, passage.credential);
  }

  /** Asks, along the plan of targets, until an answer begins or nothing is left to try. */
  ask(question: Question): void {
    this.#question = question;
    this.host.policy.call();
    this.#plan = this.host.targets.plan(question, this.call.request, this.call.route);
    this.#advance();
  }

  /** Gives up whatever runs or waits. */
  abandon(outcome: 'aborted' | 'timeout'): void {
    clearTimeout(this.#timer);
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
    for (const { run } of this.#active) if (run !== winner) run.abandon('aborted');
  }

  firstToken(ms: number): void {
    this.host.metrics.firstToken(ms);
  }

  answered(model: string | undefined, usage: Usage | undefined): void {
    if (this.route.kind === 'generate' || this.route.kind === 'chat') this.host.metrics.answered(model, usage);
  }

  alive(): void {
    this.call.alive();
  }

  ended(run: Run, result: RunResult): void {
    const { outcome, status, defect } = result;
    this.host.metrics.ended(outcome, status, run.model);
    this.host.health.ended(outcome, status);
    if (defect !== undefined) this.host.metrics.defect(defect.kind);
    const active = this.#active.find((one) => one.run === run);
    if (active === undefined) {
      this.#lone?.passage.over(result);
      if (!this.call.over) this.call.settled(run, outcome === 'ok' ? undefined : result);
      return;
    }
    this.#active = this.#active.filter((one) => one !== active);
    const verdict = this.#judge(active, result);
    if (this.call.over) return;
    if (outcome === 'ok') this.#succeeded(active);
    else if (outcome !== 'aborted') this.#failed(active, verdict, result);
  }

  #judge({ permit, release, target, began }: Active, result: RunResult): AttemptVerdict {
    const { waitLimitMs } = this.host.policy.settings;
    const context = { wall: Date.now(), waitLimitMs, begun: this.reply.started };
    const verdict = attemptVerdict(attemptResult(result), context);
    release();
    if (verdict.circuit === 'success') permit.success();
    else if (verdict.circuit === 'failure')
      permit.failure(result.status === undefined ? verdict.cause : `status ${result.status}`);
    else permit.ignore();
    this.host.targets.learn(target, verdict, began);
    return verdict;
  }

  #succeeded({ run, target }: Active): void {
    if (this.#sent > 1) {
      this.host.metrics.rescued(target.model !== this.#question.models[0]);
      this.call.log(
        'retry_success',
        { attempts: this.#sent, model: target.model },
        'a further attempt gave the answer',
      );
    }
    this.call.settled(run, undefined);
  }

  #failed({ run, target }: Active, verdict: AttemptVerdict, result: RunResult): void {
    if (this.reply.started || this.#plan === undefined) {
      this.call.settled(run, result);
      return;
    }
    this.#plan.failed(target, verdict, result, this.host.policy.waitMs(this.#sent, verdict.waitMs));
    // While another attempt still runs there is nothing to decide.
    if (this.#active.length === 0) this.#advance();
  }

  #advance(): void {
    if (this.call.over || this.#plan === undefined) return;
    clearTimeout(this.#timer);
    const step = this.#plan.next();
    if (step.kind === 'stop') {
      this.#giveUp(step);
      return;
    }
    if (step.waitMs > this.call.leftMs || (this.#sent > 0 && !this.host.policy.take('retry'))) {
      this.#giveUp({ kind: 'stop', why: 'limit', retryAfterMs: step.waitMs > 0 ? step.waitMs : undefined });
      return;
    }
    if (this.#sent > 0) this.#tell(step.target.model, step.waitMs);
    if (step.waitMs === 0) this.#begin(step.target);
    else
      this.#timer = setTimeout(() => {
        this.#begin(step.target);
      }, step.waitMs);
  }

  #tell(model: string, waitMs: number): void {
    const event = model === this.#question.models[0] ? 'retry_attempt' : 'model_failover';
    this.call.log(event, { attempt: this.#sent + 1, model, wait_ms: Math.round(waitMs) }, 'trying again');
  }

  #begin(target: Target): void {
    if (this.call.over) return;
    const permit = this.host.targets.acquire(target);
    if (!permit.admitted) {
      const failed = nobodyReady(false, permit.remainingMs);
      this.#plan?.failed(target, CIRCUIT_REFUSED, { outcome: 'broken', status: undefined, failed }, 0);
      if (this.#active.length === 0) this.#advance();
      return;
    }
    this.#sent++;
    this.host.metrics.sent();
    const { form, body, models } = this.#question;
    const run = new Run(this, attemptAt(target, this.host, this.call), target.model, form);
    const release = this.host.targets.lease(target);
    this.#active = [...this.#active, { run, target, permit, began: performance.now(), release }];
    if (form !== undefined && this.#active.length === 1) this.#awaitFirstWord();
    const credential = this.host.targets.credential(target, this.call.request, this.call.route);
    const { path, bytes } = addressed(this.call.route, body, target.model === models[0] ? undefined : target.model);
    this.#send(run, path, bytes, credential);
  }

  #send(run: Run, path: string, body: Buffer | IncomingMessage | null, credential: CredentialHeader | undefined): void {
    const { origin, basePath } = this.host.upstream;
    const { traceparent, request, route } = this.call;
    const inspected = this.host.targets.inspects(request, route);
    const sent = outgoing(request, { body, traceparent, credential, inspected });
    run.send({ ...sent, origin, path: basePath + path }, this.host.limits.firstTokenMs);
  }

  /** A first word that is late is waited for, but beside it the next target is asked. */
  #awaitFirstWord(): void {
    this.#timer = setTimeout(() => {
      if (this.call.over || this.reply.started || this.#active.length !== 1) return;
      const target = this.host.policy.take('retry') ? this.#plan?.beside() : undefined;
      if (target === undefined) return;
      this.call.log(
        'model_failover',
        { model: target.model, beside: true },
        'the first word is late: asking beside it',
      );
      this.#begin(target);
    }, this.host.limits.besideMs);
  }

  #giveUp({ why, retryAfterMs }: Extract<PlanStep, { kind: 'stop' }>): void {
    const original = this.#plan?.original;
    if (this.#sent > 1) {
      this.host.metrics.exhausted();
      this.call.log('retry_exhausted', { attempts: this.#sent, why }, 'no attempt gave an answer');
    }
    if (original !== undefined) {
      this.call.settled(undefined, original);
      return;
    }
    const failed = nobodyReady(why === 'resting', retryAfterMs);
    this.call.settled(undefined, { outcome: 'broken', status: undefined, failed });
  }
}
