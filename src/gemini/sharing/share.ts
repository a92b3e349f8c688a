import { gatewayError } from '../../kernel/error-codes.js';
import { GatewayError } from '../../kernel/gateway-error.js';
import { type Question } from '../attempts-call.js';
import { CallTally } from '../call-tally.js';
import { type KeptAnswer } from '../domain/sharing/answer-memory.js';
import { type RecordedHead } from '../domain/sharing/answer-record.js';
import { staleHelps } from '../domain/sharing/shareable.js';
import { type Run } from '../run.js';
import { type RunResult } from '../run-result.js';
import { type Asker, type Asking } from './asker.js';
import { type Reader } from './recorded-reply.js';
import { type Ending, type SharedCall } from './shared-call.js';
import { type SharedAnswer } from './sharing.metrics.js';

/** Where shares find each other. */
export interface ShareHost {
  /** The call in flight that may be joined. */
  running(key: string): SharedCall | undefined;
  open(key: string, first: Asker): SharedCall;
  /** A whole answer from before, with its age, ms. */
  kept(key: string): { readonly answer: KeptAnswer; readonly ageMs: number } | undefined;
  count(kind: SharedAnswer): void;
}

/** One client's part in an answer that may be given to several. */
export class Share implements Asking, Reader {
  #cursor = 0;
  #blocked = false;
  #call: SharedCall | undefined;
  #joined = false;
  #stale = false;
  #left = false;

  /** @param key identity of what is asked, and by whom */
  constructor(
    private readonly host: ShareHost,
    private readonly asker: Asker,
    private readonly key: string,
  ) {}

  get cursor(): number {
    return this.#cursor;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  get leftMs(): number {
    return this.asker.leftMs;
  }

  get sent(): number {
    return this.#call?.sent ?? 0;
  }

  get finished(): boolean {
    return this.#call?.finished ?? false;
  }

  get queuedMs(): number {
    return this.#call?.queuedMs ?? 0;
  }

  /** Tokens are those of who asked first: nobody counts them for the others. */
  get tally(): CallTally {
    const tally = this.#call?.tally;
    if (tally === undefined) return new CallTally();
    return this.#joined ? tally.withoutTokens() : tally;
  }

  healing(run: Run | undefined): string[] {
    const needed = this.#call?.healing(run) ?? [];
    return [...needed, ...(this.#joined ? ['coalesced'] : []), ...(this.#stale ? ['stale'] : [])];
  }

  /** Joins a call in flight that asks the same, or begins one. */
  ask(question: Question): void {
    const running = this.host.running(this.key);
    this.#joined = running !== undefined;
    this.#call = running ?? this.host.open(this.key, this.asker);
    this.#call.reply.add(this);
    if (running === undefined) this.#call.ask(question);
  }

  abandon(outcome: 'aborted' | 'timeout'): void {
    this.#left = true;
    this.#call?.leave(this, outcome);
  }

  pump(): void {
    if (this.#left || this.#call === undefined) return;
    const { reply, ending } = this.#call;
    const { head } = reply.record;
    if (head?.streamed === true) this.#stream(head);
    if (ending !== undefined && (head?.streamed !== true || this.#cursor === reply.record.end)) this.#close(ending);
  }

  cutOff(): void {
    this.asker.failed(
      gatewayError(
        'STREAM_INCOMPLETE',
        'The client reads too slowly for the rest of a shared answer to be kept for it.',
      ),
    );
  }

  /** Answers with an older answer in place of a failure, where there is one and it may; true when it did. */
  standIn(failure: GatewayError | RunResult): boolean {
    const { status, code } = failureFacts(failure);
    if (this.asker.reply.begun || !staleHelps(status, code)) return false;
    const kept = this.host.kept(this.key);
    if (kept === undefined) return false;
    this.#stale = true;
    const { head, body } = kept.answer;
    const ageSeconds = Math.floor(kept.ageMs / 1000);
    const headers = [...head.headers, 'age', String(ageSeconds)];
    const facts = this.asker.facts(undefined, head.model);
    if (head.streamed) {
      this.asker.reply.start(head.status, headers, facts);
      this.asker.reply.end(body);
    } else {
      this.asker.reply.send(head.status, headers, body, facts);
    }
    this.host.count('stale');
    this.asker.log(
      'stale_answer',
      { age_seconds: ageSeconds, status, code },
      'an older answer stands in for a failure',
    );
    return true;
  }

  #stream(head: RecordedHead): void {
    const { reply } = this.asker;
    if (!reply.begun) {
      this.#counted();
      reply.start(head.status, head.headers, this.asker.facts(this.#call?.run, head.model));
    }
    while (!this.#blocked) {
      const piece = this.#call?.reply.record.at(this.#cursor);
      if (piece === undefined) return;
      this.#cursor++;
      if (reply.write(piece)) continue;
      this.#blocked = true;
      reply.onDrain(() => {
        this.#blocked = false;
        if (!this.#left) this.#call?.reply.moved(this);
      });
    }
  }

  #close({ run, failure }: Ending): void {
    const { head } = this.#call?.reply.record ?? {};
    if (failure === undefined && head !== undefined) {
      const { reply } = this.asker;
      if (head.streamed) {
        reply.end();
      } else {
        this.#counted();
        const body = this.#call?.reply.record.at(0) ?? '';
        reply.send(head.status, head.headers, body, this.asker.facts(run, head.model));
      }
    }
    this.asker.settled(run, failure);
  }

  #counted(): void {
    if (this.#joined) this.host.count('coalesced');
  }
}

/** Status of a failure, and its code where the node made it itself. */
function failureFacts(failure: GatewayError | RunResult): { status: number; code: string | undefined } {
  if (failure instanceof GatewayError) return failure;
  const { refused, failed } = failure;
  if (refused !== undefined) return { status: refused.error.status, code: undefined };
  return { status: failed?.status ?? 0, code: failed?.code };
}
