import { type AttemptsCall, type Question } from './attempts-call.js';
import { type AttemptVerdict } from './domain/failover/verdict.js';
import { type Target } from './domain/failover/target.js';
import { type TargetPlan } from './domain/failover/target-plan.js';
import { type Checkpoint, type Delivered } from './domain/resume/delivered.js';
import { prefillCut, PrefillSplice } from './domain/resume/prefill-splice.js';
import { ReplaySplice } from './domain/resume/replay-splice.js';
import { ResumeRequest } from './domain/resume/resume-request.js';
import { type Splice } from './domain/resume/splice.js';
import { type ResumeKind, SplicedAnswer, type SpliceTerms } from './domain/resume/spliced-answer.js';
import { addUsage } from './domain/resume/usage-sum.js';
import { type StreamForm } from './domain/route.js';
import { type ExchangeHost } from './exchange-host.js';
import { type RunResult } from './run-result.js';

/** Attempts at one model that may end in silence. */
const STALLS = 2;
/** Characters that a token has on the average, where the upstream has not counted. */
const CHARACTERS_PER_TOKEN = 4;

/** What an attempt is sent with. */
export interface Prepared {
  readonly body: Buffer;
  /** Joins the answer to what was delivered. */
  readonly splice: SplicedAnswer;
}

/**
 * Goes on with an answer that broke after its first word, in the order of what promises most: a token the upstream gave,
 * the partial answer as the last turn of a model that takes one, the whole question again. The text is joined only where
 * it is seen to fit.
 */
export class Resumption {
  /** Models whose going on did not fit: they are asked anew. */
  readonly #unfit = new Set<string>();
  /** How the last attempt goes on with the answer; undefined before the first that does. */
  #kind: ResumeKind | undefined;
  /** Length of the text before the last attempt. */
  #reached = 0;
  #checkpoint: Checkpoint | undefined;
  /** The model whose token that is: no other knows it. */
  #checkpointModel: string | undefined;

  private constructor(
    private readonly host: ExchangeHost,
    private readonly call: AttemptsCall,
    private readonly request: ResumeRequest,
    private readonly delivered: Delivered,
    readonly plan: TargetPlan<RunResult>,
  ) {}

  /** Undefined where a broken answer is not to be gone on with, or cannot be. `target` gave the first part. */
  static of(
    host: ExchangeHost,
    call: AttemptsCall,
    question: Question,
    broken: { readonly delivered: Delivered; readonly form: StreamForm | undefined; readonly target: Target },
  ): Resumption | undefined {
    const { delivered, form, target } = broken;
    // What was passed on unread: nothing can be seen to fit behind it.
    if (form === undefined) return undefined;
    const { enabled, attempts } = host.resume;
    if (!enabled || call.request.headers['x-l104-resume'] === 'off') return undefined;
    const request = ResumeRequest.read(call.route.surface, question.body);
    if (request === undefined || request.bar !== undefined) return undefined;
    const plan = host.targets.plan<RunResult>(question, call.request, call.route, attempts + 1);
    plan.adopt(target);
    return new Resumption(host, call, request, delivered, plan);
  }

  /** An attempt at `model` broke: false when what the client has by now cannot be gone on with. */
  broke({ model }: Target, { defect }: RunResult): boolean {
    const { delivered } = this;
    const whole = defect?.kind === 'continues';
    // The finish of an answer that says nothing is held back: the client does not know of it. That of a part is none.
    if (whole || defect?.kind === 'empty') delivered.withdrawFinish();
    if (delivered.checkpoint !== this.#checkpoint) {
      this.#checkpoint = delivered.checkpoint;
      this.#checkpointModel = model;
    }
    if (this.#kind !== undefined && !whole) this.host.metrics.resumed(this.#kind, 'failed');
    if (delivered.usage !== undefined) {
      delivered.spent = addUsage(delivered.spent, delivered.usage);
    }
    delivered.usage = undefined;
    return delivered.bar === undefined;
  }

  /** The verdict on an attempt that broke, or on one at going on. */
  judged({ model }: Target, verdict: AttemptVerdict, { refused, defect }: RunResult): AttemptVerdict {
    const further = this.delivered.length > this.#reached;
    this.#reached = this.delivered.length;
    // It spoke, and then no more: where nobody else is left it may be asked to go on.
    if (verdict.cause === 'stalled') return { ...verdict, retry: 'same', max: STALLS };
    // What brings the answer forward does not count as another failure of the same: `attempts` bounds it.
    if (further && verdict.retry === 'same') return { ...verdict, max: Number.POSITIVE_INFINITY };
    // A model that refuses to go on, or does not fit, may still be asked anew.
    const error = refused?.error;
    // The request itself had been taken: what is refused is what the node has made of it.
    const refuses = this.#kind !== undefined && this.#kind !== 'replay' && error?.status === 400;
    if (refuses && this.#kind === 'prefill') this.host.prefill.refused(model, error.message);
    if (refuses || defect?.kind === 'no_seam') this.#unfit.add(model);
    return refuses ? { cause: 'defect', retry: 'same', others: 'any', circuit: 'ignore', max: 3 } : verdict;
  }

  /** How a target is asked to go on; `attempts` is the number of this attempt. */
  prepare({ model }: Target, attempts: number): Prepared {
    const { checkpoint, text } = this.delivered;
    const fit = !this.#unfit.has(model);
    if (fit && checkpoint !== undefined && model === this.#checkpointModel) {
      const splice = new ReplaySplice(text.slice(checkpoint.at));
      const body = this.request.continued(checkpoint.token);
      return {
        body,
        splice: this.#spliced(splice, { kind: 'continuation', from: checkpoint.at }, { model, attempts }),
      };
    }
    const cut = fit && this.host.prefill.takes(model) ? prefillCut(text) : undefined;
    if (cut !== undefined) {
      const splice = new PrefillSplice(cut.prefill, cut.held);
      const body = this.request.prefilled(cut.prefill, this.#tokensOf(cut.prefill));
      return { body, splice: this.#spliced(splice, { kind: 'prefill', from: undefined }, { model, attempts }) };
    }
    const splice = this.#spliced(new ReplaySplice(text), { kind: 'replay', from: 0 }, { model, attempts });
    return { body: this.request.body, splice };
  }

  #spliced(
    splice: Splice,
    { kind, from }: Pick<SpliceTerms, 'kind' | 'from'>,
    told: { readonly model: string; readonly attempts: number },
  ): SplicedAnswer {
    this.#kind = kind;
    const { stops, wantsJson } = this.request;
    const at = this.delivered.length;
    const mark = { healing: ['resume'], resume: kind, at, ...told };
    const joined = (): void => {
      this.host.metrics.resumed(kind, 'joined');
      this.call.log('stream_resumed', { kind, characters: at, ...told }, 'an answer that broke is gone on with');
    };
    return new SplicedAnswer(this.delivered, splice, { kind, from, stops, wantsJson, mark, joined });
  }

  /** Tokens of a first part of the text, by the upstream's count of all of it where there is one. */
  #tokensOf(part: string): number {
    const { spent, text, surface } = this.delivered;
    const counted = spent[surface === 'openai' ? 'completion_tokens' : 'candidatesTokenCount'];
    const all = typeof counted === 'number' && counted > 0 ? counted : text.length / CHARACTERS_PER_TOKEN;
    return Math.round((all * part.length) / text.length);
  }
}
