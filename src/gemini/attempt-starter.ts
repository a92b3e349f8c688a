import { type IncomingMessage } from 'node:http';
import { type GatewayError } from '../kernel/gateway-error.js';
import { type Place } from '../resilience/index.js';
import { ActiveAttempt } from './active-attempt.js';
import { type AnswerKind } from './answer-times.service.js';
import { nobodyReady, overloaded } from './attempt-result.js';
import { type AttemptsCall, type Question } from './attempts-call.js';
import { type CallTally } from './call-tally.js';
import { type CredentialHeader } from './credentials.js';
import { type SplicedAnswer } from './domain/resume/spliced-answer.js';
import { operationOf } from './domain/operation.js';
import { type Target } from './domain/failover/target.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { type ExchangeHost } from './exchange-host.js';
import { type Address, addressed, outgoing } from './outgoing.js';
import { attemptAt, Passage } from './passage.js';
import { type Resumption } from './resumption.js';
import { Run, type RunOwner } from './run.js';
import { type RunResult } from './run-result.js';
import { MODEL_LIMIT } from './circuit-name.js';

/** Nothing, before the body is there. */
export const NOTHING_ASKED: Question = { body: Buffer.alloc(0), form: undefined, models: [], thinking: undefined };

/** The one attempt of a call that can be sent only once. */
export interface Lone {
  readonly run: Run;
  readonly passage: Passage;
  /** Sends it; to be called once it is kept, since it may end at once. */
  readonly send: () => void;
}

/** For whom attempts are started. */
export interface StarterOwner extends RunOwner {
  readonly tally: CallTally;
  /** An attempt is about to be sent. */
  launched(active: ActiveAttempt, kind: AnswerKind): void;
  /** The node itself does not let the target be asked now. */
  refused(target: Target, failed: GatewayError): void;
}

/** Starts the attempts of one call: a place among those at the model, leave of the circuit, a key, and out it goes. */
export class AttemptStarter {
  question = NOTHING_ASKED;
  /** Set once an answer broke that is gone on with. */
  resumption: Resumption | undefined;
  #sent = 0;
  #queuedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What gives up each waiting for a place; more than one where a refusal led on to the next target. */
  readonly #waits: (() => void)[] = [];

  constructor(
    private readonly host: ExchangeHost,
    private readonly call: AttemptsCall,
    private readonly owner: StarterOwner,
  ) {}

  /** The verdict on an attempt that failed, in the light of what can still be sent. */
  judged(target: Target, verdict: AttemptVerdict, result: RunResult): AttemptVerdict {
    if (this.resumption !== undefined) return this.resumption.judged(target, verdict, result);
    const { shorter } = this.question;
    if (verdict.cause !== 'too_long' || shorter === undefined) return verdict;
    this.question = { ...this.question, body: shorter(), shorter: undefined };
    return { ...verdict, retry: 'same', max: 2 };
  }

  /** Attempts sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Milliseconds spent waiting for a place so far. */
  get queuedMs(): number {
    return this.#queuedMs;
  }

  /** Makes the attempt of a call that can be sent only once. */
  lone(body: Buffer | IncomingMessage | null, model: string | undefined): Lone {
    const passage = new Passage(this.host, this.call, body);
    const run = this.#run(passage.target, model);
    this.#follow(run, passage.target, false);
    const send = (): void => {
      this.#send(run, { path: this.call.route.target, bytes: body }, passage.credential, undefined);
    };
    return { run, passage, send };
  }

  /** Whether a target could be asked at once: what is asked beside another does not stand in line. */
  mayBegin(target: Target): boolean {
    return this.host.bulkheads.hasRoom(this.#kindOf(target));
  }

  /** Asks a target after so many ms, as soon as there is a place among the attempts at its model. */
  begin(target: Target, afterMs = 0): void {
    if (this.call.over) return;
    if (afterMs > 0) {
      this.#timer = setTimeout(() => {
        this.begin(target);
      }, afterMs);
      return;
    }
    const kind = this.#kindOf(target);
    const place = this.host.bulkheads.enter(kind);
    if (place === undefined) this.#await(target, kind);
    else this.#launch(target, kind, place);
  }

  /** The call is over: nothing is waited for. */
  stop(): void {
    clearTimeout(this.#timer);
    for (const cancel of this.#waits) cancel();
    this.#waits.length = 0;
  }

  #await(target: Target, kind: AnswerKind): void {
    const since = performance.now();
    const waited = (): void => {
      this.#queuedMs += performance.now() - since;
    };
    const cancel = this.host.bulkheads.wait(kind, {
      priority: this.call.priority,
      deadline: since + this.call.leftMs,
      go: (place) => {
        waited();
        this.#launch(target, kind, place);
      },
      shed: (why, retryAfterMs) => {
        waited();
        this.owner.refused(target, overloaded(why, retryAfterMs));
      },
    });
    this.#waits.push(cancel);
  }

  #launch(target: Target, kind: AnswerKind, place: Place): void {
    const permit = this.host.targets.acquire(target);
    if (!permit.admitted) {
      place.leave();
      this.owner.refused(target, nobodyReady(false, permit.remainingMs));
      return;
    }
    const { models } = this.question;
    const prepared = this.resumption?.prepare(target, this.#sent + 1);
    const body = prepared?.body ?? this.question.body;
    const run = this.#run(target, target.model, prepared?.splice);
    this.#follow(run, target, permit.probe);
    const held = { place, permit, release: this.host.targets.lease(target) };
    this.owner.launched(new ActiveAttempt(this.host, run, target, kind, held, this.#sent), kind);
    const credential = this.host.targets.credential(target, this.call.request, this.call.route);
    const address = addressed(this.call.route, body, target.model === models[0] ? undefined : target.model);
    this.#send(run, address, credential, this.host.times.limitMs(kind));
  }

  #run(target: Target, model: string | undefined, splice?: SplicedAnswer): Run {
    this.#sent++;
    this.host.metrics.sent(this.#sent);
    return new Run(this.owner, attemptAt(target, this.host, this.call), model, this.question.form, splice);
  }

  /** Notes who is asked, and begins the span of the attempt where the call has one. */
  #follow(run: Run, { key }: Target, probe: boolean): void {
    const { call } = this;
    this.owner.tally.key = key;
    if (call.trace === undefined) return;
    run.trace = call.trace.attempt({
      operation: operationOf(call.route),
      model: run.model,
      key,
      streamed: this.question.form !== undefined,
      number: this.#sent,
      probe,
      resume: run.splice?.terms.kind,
      origin: this.host.upstream.origin,
    });
  }

  #send(run: Run, to: Address, credential: CredentialHeader | undefined, limitMs: number | undefined): void {
    const { origin, basePath } = this.host.upstream;
    const { traceparent, request, route, leftMs } = this.call;
    const inspected = this.host.targets.inspects(request, route);
    const sent = outgoing(request, {
      body: to.bytes,
      traceparent: run.trace?.traceparent ?? traceparent,
      credential,
      inspected,
      leftMs,
    });
    run.send({ ...sent, origin, path: basePath + to.path }, limitMs);
  }

  #kindOf({ model }: Target): AnswerKind {
    const { route } = this.call;
    const { form, thinking } = this.question;
    // Counting tokens takes no time: it must not teach how long answers take.
    const name = model.slice(0, MODEL_LIMIT);
    const series = route.kind === 'call' ? `${name} call` : name;
    return { series, streamed: form !== undefined, thinking };
  }
}
