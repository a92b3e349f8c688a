import { Injectable } from '@nestjs/common';
import { gatewayError } from '../../kernel/error-codes.js';
import { ConversationStore, type SessionKey, type StoredTurn } from '../../memory/index.js';
import { fullHash } from '../../platform/access.js';
import { type AnswerDone } from './answer-done.js';
import { type AnswerRequest, messageOf } from './answer-request.js';

/** When to ask again for an answer that is still being given, ms. Nobody knows how long it takes. */
const RETRY_MS = 1000;

/** What is kept with a turn to give its answer again. */
interface Receipt {
  /** Digest of what was asked. */
  readonly asked: string;
  readonly done: AnswerDone;
}

/** An answer that was given and stored. */
export interface GivenAnswer {
  readonly text: string;
  readonly done: AnswerDone;
}

/** A request to a session, from the look at what is stored to its end. */
export interface Visit {
  /** The answer that was stored under the name of this request: nothing is left to do. */
  readonly given: GivenAnswer | undefined;
  /** The turns so far, oldest first; none where the answer is given already. */
  readonly turns: readonly StoredTurn[];
  /** Stores the turn; throws CONFLICT when another node has stored one under the name of this request meanwhile. */
  keep(text: string, done: AnswerDone): Promise<void>;
  /** The request is over, stored or not: its name may be used again. */
  leave(): void;
}

/**
 * The conversations of `/api/v6/stream` (docs/adr/0018-turns-once.md). Requests to one session do not wait for each other:
 * each is answered from the turns that are stored when it comes, and stored when its answer is complete.
 */
@Injectable()
export class Sessions {
  /** Names of requests that are being answered, with digests of what they ask; bounded by the calls in flight. */
  readonly #running = new Map<string, string>();
  #visits = 0;

  constructor(private readonly conversations: ConversationStore) {}

  /** Requests to sessions that are not over: they still read or store. */
  get visits(): number {
    return this.#visits;
  }

  /** Begins a request; `requestKey` is what the client names it by. Throws CONFLICT while that very request is being answered, IDEMPOTENCY_KEY_REUSED where the name is another request's. */
  async visit(session: SessionKey, request: AnswerRequest, requestKey: string | undefined): Promise<Visit> {
    const asked = digestOf(request);
    const unclaim = requestKey === undefined ? () => undefined : this.#claim(session, requestKey, asked);
    const leave = this.#counted(unclaim);
    try {
      // In this order: what is not running any more by now is stored, or never will be.
      const stored = requestKey === undefined ? undefined : await this.conversations.turnOf(session, requestKey);
      const given = stored === undefined ? undefined : givenAnswer(stored, asked);
      const turns = given === undefined ? await this.conversations.history(session) : [];
      return { given, turns, leave, keep: this.#keeper(session, request, requestKey, { asked, leave }) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Counts a request in, and out when it leaves for the first time. */
  #counted(unclaim: () => void): () => void {
    this.#visits++;
    let left = false;
    return () => {
      unclaim();
      if (!left) this.#visits--;
      left = true;
    };
  }

  #claim({ namespace, sessionId }: SessionKey, requestKey: string, asked: string): () => void {
    const name = JSON.stringify([namespace, sessionId, requestKey]);
    const running = this.#running.get(name);
    if (running !== undefined && running !== asked) throw reused();
    if (running !== undefined)
      throw gatewayError('CONFLICT', 'The request with this Idempotency-Key is still being answered.', {
        retryAfterMs: RETRY_MS,
      });
    this.#running.set(name, asked);
    let left = false;
    return () => {
      // By now the name may be claimed by another.
      if (!left) this.#running.delete(name);
      left = true;
    };
  }

  #keeper(
    session: SessionKey,
    request: AnswerRequest,
    requestKey: string | undefined,
    { asked, leave }: { asked: string; leave: () => void },
  ): Visit['keep'] {
    return async (modelText, done) => {
      const receipt: Receipt = { asked, done };
      const turn = { userText: messageOf(request), modelText, model: done.model, usage: { ...done.usage } };
      try {
        const named = requestKey === undefined ? turn : { ...turn, receipt };
        if (await this.conversations.append(session, named, requestKey)) return;
      } finally {
        leave();
      }
      throw gatewayError('CONFLICT', 'The request was answered elsewhere meanwhile; repeat it to get that answer.', {
        retryAfterMs: RETRY_MS,
      });
    };
  }
}

function givenAnswer({ modelText, receipt }: StoredTurn, asked: string): GivenAnswer {
  const { asked: before, done } = receipt as Receipt;
  if (before !== asked) throw reused();
  return { text: modelText, done: { ...done, replayed: true } };
}

function reused(): Error {
  return gatewayError('IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key: another request of this session had it before.');
}

/** What makes two requests the same: the message, the instruction and the model asked for. */
function digestOf(request: AnswerRequest): string {
  return fullHash(JSON.stringify([messageOf(request), request.system ?? '', request.model_hint ?? '']));
}
