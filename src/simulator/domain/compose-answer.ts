import { type Answer, type Candidate, type Piece } from './answer.js';
import { tweakCandidate, type AnswerFault } from './answer-fault.js';
import { answerText, thoughtText } from './answer-text.js';
import { continuationToken, offsetOfToken } from './continuation-token.js';
import { type Conversation, conversationSeed, lastUserText, promptTokens } from './conversation.js';
import { type Directives, parseDirectives } from './directives.js';
import { type PieceSize, textPieces } from './text-pieces.js';
import { type ModelFacts } from './model-table.js';
import { continuePartial } from './prefill.js';
import { firstWords, wordCount } from './prose.js';
import { RpcError } from './rpc-error.js';
import { hashText } from './seed.js';
import { firstTokens, tokensIn } from './token-count.js';
import { opaque, signsThoughts, toolCalls } from './tool-call.js';

/** What an answer depends on besides the conversation. */
export interface ComposeContext {
  /** Id of the response. */
  readonly id: string;
  /** What makes two models word an answer differently; the same voice gives the same text. */
  readonly voice: string;
  /** Tokens of a cached content that goes in front. */
  readonly cachedTokens: number;
  readonly fault: AnswerFault | undefined;
  /** How much of the text goes into one event; the usual 3 to 8 words when absent. */
  readonly pieces?: PieceSize | undefined;
}

interface Draft {
  readonly conversation: Conversation;
  readonly facts: ModelFacts;
  readonly directives: Directives;
  readonly fault: AnswerFault | undefined;
  readonly seed: number;
  readonly pieces: PieceSize | undefined;
}

/** Events between two continuation tokens unless a directive says otherwise. */
const CHECKPOINT_EVENTS = 4;

/** Answers a conversation, or throws the error the API would give. */
export function composeAnswer(conversation: Conversation, facts: ModelFacts, context: ComposeContext): Answer {
  const tokens = promptTokens(conversation) + context.cachedTokens;
  refuse(conversation, facts, tokens);
  const directives = parseDirectives(lastUserText(conversation));
  const seed = conversationSeed(conversation, context.voice);
  const draft: Draft = { conversation, facts, directives, fault: context.fault, seed, pieces: context.pieces };
  const blocked = directives.blocked === true;
  return {
    id: context.id,
    model: conversation.model,
    promptTokens: tokens,
    cachedTokens: context.cachedTokens,
    hiddenThoughtTokens: facts.thinking && !blocked && !showsThoughts(draft) ? 20 + (seed % 60) : 0,
    candidates: blocked ? [] : Array.from({ length: conversation.candidateCount }, (_, at) => candidateOf(draft, at)),
    blockReason: blocked ? 'PROHIBITED_CONTENT' : undefined,
    separateFinish: seed % 2 === 0,
    signature: signsThoughts(conversation.model) ? `${opaque(seed, 40)}==` : undefined,
    withoutIndex: directives.withoutIndex === true,
  };
}

function refuse(conversation: Conversation, facts: ModelFacts, tokens: number): void {
  if (tokens > facts.inputTokenLimit) {
    const limit = `exceeds the maximum number of tokens allowed (${facts.inputTokenLimit}).`;
    throw new RpcError('INVALID_ARGUMENT', `The input token count (${tokens}) ${limit}`);
  }
  if (conversation.partial !== undefined && !facts.prefill) {
    throw new RpcError('INVALID_ARGUMENT', 'Requests ending with a model turn are not supported.');
  }
  if (conversation.continuationToken !== undefined && !facts.continuation) {
    throw new RpcError('INVALID_ARGUMENT', `Continuation tokens are not supported by models/${facts.name}.`);
  }
}

function candidateOf(draft: Draft, index: number): Candidate {
  const seed = index === 0 ? draft.seed : hashText(String(index), draft.seed);
  const thoughts: readonly Piece[] = showsThoughts(draft)
    ? textPieces(thoughtText(seed), seed ^ 1, 'thought', draft.pieces)
    : [];
  const calls =
    draft.conversation.continuationToken === undefined ? toolCalls(draft.conversation, draft.directives, seed) : [];
  if (calls.length > 0) return tweakCandidate({ pieces: [...thoughts, ...calls], finish: 'STOP' }, draft.fault);
  const spoken = speak(
    draft,
    seed,
    thoughts.reduce((sum, piece) => sum + piece.tokens, 0),
  );
  return tweakCandidate({ ...spoken, pieces: [...thoughts, ...spoken.pieces] }, draft.fault);
}

function showsThoughts(draft: Draft): boolean {
  const { conversation, directives } = draft;
  const begun = conversation.continuationToken !== undefined || conversation.partial !== undefined;
  return !begun && (directives.thoughts === true || conversation.includeThoughts);
}

/** The spoken part: the whole text, from where it goes on, up to the first limit that applies. */
function speak(draft: Draft, seed: number, thoughtTokens: number): Candidate {
  const { conversation, directives, facts } = draft;
  const full = untilStop(answerText(conversation, directives, seed), conversation.stopSequences);
  const start = startOf(draft, full, seed);
  const halfway = Math.ceil(wordCount(full) / 2);
  let text = start.text;
  let finish = 'STOP';
  if (directives.stopMidway !== undefined) {
    text = firstWords(text, halfway);
    finish = directives.stopMidway;
  }
  const budget = Math.max(0, (conversation.maxOutputTokens ?? facts.outputTokenLimit) - thoughtTokens);
  if (tokensIn(text.length) > budget) {
    text = firstTokens(text, budget);
    finish = 'MAX_TOKENS';
  }
  const hop = facts.continuation
    ? draft.fault?.kind === 'continuation'
      ? draft.fault.words
      : directives.hopWords
    : undefined;
  let token: string | undefined;
  if (hop !== undefined && start.offset !== undefined && wordCount(text) > hop) {
    text = firstWords(text, hop);
    token = continuationToken(seed, start.offset + text.length);
    finish = 'CONTINUATION';
  }
  const pieces = textPieces(text, seed, 'text', draft.pieces);
  return { pieces: facts.continuation ? withCheckpoints(pieces, draft, start.offset, seed) : pieces, finish, token };
}

function startOf(draft: Draft, full: string, seed: number): { text: string; offset: number | undefined } {
  const { conversation, directives, fault } = draft;
  if (conversation.continuationToken !== undefined) {
    const offset = offsetOfToken(conversation.continuationToken, seed);
    if (offset === undefined || offset > full.length) {
      throw new RpcError('INVALID_ARGUMENT', 'The continuation token is invalid or does not belong to this request.');
    }
    return { text: full.slice(offset), offset };
  }
  if (conversation.partial === undefined) return { text: full, offset: 0 };
  const style = fault?.kind === 'prefillStyle' ? fault.style : (directives.prefill ?? 'exact');
  return continuePartial(full, conversation.partial, style, seed);
}

function untilStop(text: string, sequences: readonly string[]): string {
  const ends = sequences
    .filter((stop) => stop !== '')
    .map((stop) => text.indexOf(stop))
    .filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

function withCheckpoints(
  pieces: readonly Piece[],
  draft: Draft,
  offset: number | undefined,
  seed: number,
): readonly Piece[] {
  if (offset === undefined || draft.conversation.candidateCount > 1) return pieces;
  const every = draft.directives.checkpointEvents ?? CHECKPOINT_EVENTS;
  let end = offset;
  return pieces.map((piece, at) => {
    if (piece.kind !== 'text') return piece;
    end += piece.text.length;
    const due = (at + 1) % every === 0 && at < pieces.length - 1;
    return due ? { ...piece, checkpoint: continuationToken(seed, end) } : piece;
  });
}
