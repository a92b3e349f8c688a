import { type JsonObject } from './json.js';

/** A call the model makes of one of the caller's functions. */
export interface FunctionCall {
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
  /** The opaque proof of thought that newer models attach. */
  readonly signature: string | undefined;
}

/** The smallest unit of an answer; in a stream each is one event. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly tokens: number; readonly checkpoint: string | undefined }
  | { readonly kind: 'thought'; readonly text: string; readonly tokens: number }
  | { readonly kind: 'call'; readonly call: FunctionCall; readonly tokens: number };

/** In which way an answer that should have had content has none. */
export const EMPTY_SHAPES = ['emptyText', 'noParts', 'noContent', 'noCandidates'] as const;
export type EmptyShape = (typeof EMPTY_SHAPES)[number];

/** One candidate of an answer. */
export interface Candidate {
  readonly pieces: readonly Piece[];
  /** Why it ends; absent when the end is to be missing. */
  readonly finish: string | undefined;
  readonly finishMessage?: string;
  /** Where to go on, when `finish` is CONTINUATION. */
  readonly token?: string | undefined;
  /** Set when the candidate is empty on purpose. */
  readonly shape?: EmptyShape;
}

/** A complete answer, in the terms of none of the dialects. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Thought tokens that are billed and not shown. */
  readonly hiddenThoughtTokens: number;
  readonly candidates: readonly Candidate[];
  readonly blockReason: string | undefined;
  /** Whether the reason to end comes in an event of its own. */
  readonly separateFinish: boolean;
  /** The signature on the closing event of newer models. */
  readonly signature: string | undefined;
  /** Whether streamed OpenAI tool calls lack their `index`. */
  readonly withoutIndex: boolean;
}

/** One event of a stream, before it is framed for the wire. */
export interface Frame {
  readonly data: string;
  /** Name for an SSE `event:` line, where the dialect has one. */
  readonly name?: string;
  /** Whether it carries text of the answer. */
  readonly text: boolean;
  /** How many tokens of the answer it carries. */
  readonly tokens: number;
}

/** The order in which the pieces of several candidates are streamed: by turns. */
export function inTurns(answer: Answer): readonly { piece: Piece; index: number; last: boolean }[] {
  const longest = Math.max(0, ...answer.candidates.map((candidate) => candidate.pieces.length));
  const order: { piece: Piece; index: number; last: boolean }[] = [];
  for (let at = 0; at < longest; at++) {
    answer.candidates.forEach((candidate, index) => {
      const piece = candidate.pieces[at];
      if (piece !== undefined) order.push({ piece, index, last: at === candidate.pieces.length - 1 });
    });
  }
  return order;
}

/** What an answer is billed as so far, in tokens. */
export class UsageCount {
  readonly prompt: number;
  readonly cached: number;
  answer = 0;
  thoughts: number;

  constructor(answer: Answer) {
    this.prompt = answer.promptTokens;
    this.cached = answer.cachedTokens;
    this.thoughts = answer.hiddenThoughtTokens;
  }

  /** Takes one more piece into account. */
  add(piece: Piece): void {
    if (piece.kind === 'thought') this.thoughts += piece.tokens;
    else this.answer += piece.tokens;
  }

  /** Everything billed so far. */
  get total(): number {
    return this.prompt + this.answer + this.thoughts;
  }
}

/** The usage of a complete answer. */
export function fullUsage(answer: Answer): UsageCount {
  const usage = new UsageCount(answer);
  for (const candidate of answer.candidates)
    candidate.pieces.forEach((piece) => {
      usage.add(piece);
    });
  return usage;
}
