import { textTokens } from './text-tokens.js';

/** A turn of a conversation, with what the upstream has counted for the call that made it. */
export interface CountedTurn {
  readonly userText: string;
  readonly modelText: string;
  /** `input_tokens` of the whole prompt, `output_tokens` of the answer; 0 or absent where they are not known. */
  readonly usage: Readonly<Record<string, number>>;
}

/** By how much the cautious estimate may be too high; what was counted below that is taken for something else. */
const MOST_CAUTION = 4;

/**
 * Tokens of each turn, oldest first. An answer was counted itself; a question is what its prompt had more than the one
 * before with its answer. A count that the text cannot have (the history was cut in between, the answer was resumed, two
 * questions crossed) gives way to the cautious estimate.
 */
export function turnTokens(turns: readonly CountedTurn[]): number[] {
  return turns.map((turn, at) => {
    const before = turns[at - 1];
    const former = before === undefined ? 0 : counted(before, 'input');
    const more = before === undefined || former === 0 ? 0 : counted(turn, 'input') - former - counted(before, 'output');
    return likely(more, turn.userText) + likely(counted(turn, 'output'), turn.modelText);
  });
}

function counted({ usage }: CountedTurn, type: 'input' | 'output'): number {
  return usage[`${type}_tokens`] ?? 0;
}

function likely(count: number, text: string): number {
  const most = textTokens(text);
  return count <= most && count * MOST_CAUTION >= most ? count : most;
}
