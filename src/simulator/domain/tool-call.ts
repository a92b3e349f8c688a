import { type FunctionCall, type Piece } from './answer.js';
import { type Conversation, lastUserText, type Tool } from './conversation.js';
import { type Directives } from './directives.js';
import { objectOf } from './json.js';
import { valueForSchema } from './schema-value.js';
import { hashText, Random } from './seed.js';
import { tokensIn } from './token-count.js';

/** The most calls one answer makes at once. */
const MAX_PARALLEL = 4;

/**
 * The calls an answer makes: functions the prompt names, or the first one when a call is forced. None when the caller
 * has just answered one.
 */
export function toolCalls(conversation: Conversation, directives: Directives, seed: number): readonly Piece[] {
  if (conversation.toolMode === 'none' || conversation.turns.at(-1)?.results.length !== 0) return [];
  const words = new Set(
    lastUserText(conversation)
      .split(/[^\w.-]+/)
      .map((word) => word.replace(/[.-]+$/, '')),
  );
  const named = conversation.tools.filter((tool) => words.has(tool.name)).slice(0, MAX_PARALLEL);
  const forced = conversation.toolMode === 'any' || directives.call === true;
  const chosen = named.length > 0 || !forced ? named : conversation.tools.slice(0, 1);
  return chosen.map((tool, at) => piece(callOf(tool, conversation.model, hashText(String(at), seed))));
}

/** An opaque text of a given length, the same for the same seed, as signatures and ids are. */
export function opaque(seed: number, length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const random = new Random(seed);
  return Array.from({ length }, () => alphabet.charAt(random.int(0, alphabet.length - 1))).join('');
}

/** Whether a model signs its calls, as those of the third generation and later do. */
export function signsThoughts(model: string): boolean {
  return /^gemini-([3-9]|flash|pro)/.test(model);
}

function callOf(tool: Tool, model: string, seed: number): FunctionCall {
  const random = new Random(seed);
  const args = tool.parameters === undefined ? {} : objectOf(valueForSchema(tool.parameters, { random, prefix: '' }));
  const signature = signsThoughts(model) ? `${opaque(seed ^ 0x51, 60)}==` : undefined;
  return { id: opaque(seed, 8).toLowerCase(), name: tool.name, args: args ?? {}, signature };
}

function piece(call: FunctionCall): Piece {
  return { kind: 'call', call, tokens: tokensIn(call.name.length + JSON.stringify(call.args).length) };
}
