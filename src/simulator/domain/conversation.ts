import { type Json, type JsonObject } from './json.js';
import { hashText } from './seed.js';
import { MEDIA_TOKENS, tokensIn } from './token-count.js';

/** What a called function gave back. */
export interface ToolResult {
  readonly name: string;
  readonly response: Json;
}

/** One turn of a conversation, whatever dialect it came in. */
export interface Turn {
  readonly role: 'user' | 'model';
  /** All text of the turn, thoughts left out. */
  readonly text: string;
  /** How many image, sound and file parts it has. */
  readonly media: number;
  readonly results: readonly ToolResult[];
}

/** A function the model may call. */
export interface Tool {
  readonly name: string;
  readonly parameters: JsonObject | undefined;
}

/** What form the answer has to have. */
export type OutputForm =
  | { readonly kind: 'text' }
  | { readonly kind: 'json'; readonly schema: JsonObject | undefined }
  | { readonly kind: 'enum'; readonly values: readonly string[] };

/** A request for text, in the terms of none of the dialects. */
export interface Conversation {
  readonly model: string;
  readonly system: string;
  /** The turns, without a last model turn that is to be continued. */
  readonly turns: readonly Turn[];
  /** The text of the last model turn when the request ends in one. */
  readonly partial: string | undefined;
  readonly tools: readonly Tool[];
  readonly toolMode: 'auto' | 'any' | 'none';
  readonly output: OutputForm;
  /** Longest answer, in tokens. */
  readonly maxOutputTokens: number | undefined;
  readonly stopSequences: readonly string[];
  readonly candidateCount: number;
  readonly includeThoughts: boolean;
  readonly continuationToken: string | undefined;
  /** Name of a cached content that goes in front, if any. */
  readonly cachedContent: string | undefined;
}

/** The most candidates one request may ask for. */
export const MAX_CANDIDATES = 8;

/** The text of the last user turn; empty when there is none. */
export function lastUserText(conversation: Conversation): string {
  return conversation.turns.findLast((turn) => turn.role === 'user' && turn.text !== '')?.text ?? '';
}

/** How many turns the user had. */
export function userTurns(conversation: Conversation): number {
  return conversation.turns.reduce(
    (count, turn) => count + (turn.role === 'user' && turn.results.length === 0 ? 1 : 0),
    0,
  );
}

/** What the request is billed as, in tokens, a partial answer included. */
export function promptTokens(conversation: Conversation): number {
  let chars = conversation.system.length + (conversation.partial?.length ?? 0);
  let media = 0;
  for (const turn of conversation.turns) {
    chars += turn.text.length;
    media += turn.media;
    for (const result of turn.results) chars += JSON.stringify(result.response).length;
  }
  if (conversation.tools.length > 0) chars += JSON.stringify(conversation.tools).length;
  return tokensIn(chars) + media * MEDIA_TOKENS;
}

/** The number that decides the answer: the same conversation and `voice` always have the same one. */
export function conversationSeed(conversation: Conversation, voice: string): number {
  let seed = hashText(conversation.system, hashText(voice));
  for (const turn of conversation.turns) {
    seed = hashText(turn.text, hashText(turn.role, seed));
    for (const result of turn.results) seed = hashText(JSON.stringify(result.response), seed);
  }
  return seed;
}

/** Joins a last model turn off the others: that is the partial answer which a prefilled request continues. */
export function splitPartial(turns: readonly Turn[]): { turns: readonly Turn[]; partial: string | undefined } {
  const last = turns.at(-1);
  return last?.role === 'model' ? { turns: turns.slice(0, -1), partial: last.text } : { turns, partial: undefined };
}
