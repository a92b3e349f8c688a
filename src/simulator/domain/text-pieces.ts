import { type Piece } from './answer.js';
import { Random } from './seed.js';
import { tokensIn } from './token-count.js';

/** Words in one piece, from the fewest to the most. */
export type PieceSize = readonly [fewest: number, most: number];

const USUAL: PieceSize = [3, 8];

/** Cuts a text into the pieces it is streamed in, 3 to 8 words each unless told; joined they are the text again. */
export function textPieces(
  text: string,
  seed: number,
  kind: 'text' | 'thought',
  [fewest, most] = USUAL,
): readonly Piece[] {
  const random = new Random(seed ^ 0x91ece);
  const pieces: Piece[] = [];
  let from = 0;
  let left = random.int(fewest, most);
  for (const match of text.matchAll(/\S+\s*/g)) {
    if (--left > 0) continue;
    // White space goes in front of the next piece, as tokenizers have it.
    const end = match.index + match[0].trimEnd().length;
    pieces.push(pieceOf(text, from, end, kind));
    from = end;
    left = random.int(fewest, most);
  }
  if (from < text.length) pieces.push(pieceOf(text, from, text.length, kind));
  return pieces;
}

function pieceOf(text: string, from: number, end: number, kind: 'text' | 'thought'): Piece {
  const tokens = tokensIn(end) - tokensIn(from);
  const part = text.slice(from, end);
  return kind === 'text' ? { kind, text: part, tokens, checkpoint: undefined } : { kind, text: part, tokens };
}
