import { type Candidate, type EmptyShape } from './answer.js';
import { type PrefillStyle } from './directives.js';

/** Faults that change what is answered rather than how it travels. */
export type AnswerFault =
  | { readonly kind: 'emptyAnswer'; readonly shape: EmptyShape }
  | { readonly kind: 'missingFinish' }
  | { readonly kind: 'thoughtsOnly'; readonly finish: 'STOP' | 'MAX_TOKENS' }
  | { readonly kind: 'malformedFunctionCall' }
  | { readonly kind: 'finishReason'; readonly reason: string }
  | { readonly kind: 'continuation'; readonly words: number }
  | { readonly kind: 'prefillStyle'; readonly style: PrefillStyle };

/** The candidate as the fault leaves it. */
export function tweakCandidate(candidate: Candidate, fault: AnswerFault | undefined): Candidate {
  switch (fault?.kind) {
    case 'emptyAnswer':
      return { pieces: [], finish: 'STOP', shape: fault.shape };
    case 'missingFinish':
      return { ...candidate, finish: undefined, token: undefined };
    case 'thoughtsOnly':
      return { pieces: thoughtsOf(candidate), finish: fault.finish };
    case 'malformedFunctionCall': {
      const finishMessage = 'Malformed function call: print(default_api.simulated(';
      return { pieces: [], finish: 'MALFORMED_FUNCTION_CALL', finishMessage, shape: 'noParts' };
    }
    case 'finishReason':
      return { ...candidate, finish: fault.reason, token: undefined };
    default:
      return candidate;
  }
}

/** The thoughts there are; without any, what would have been said is thought instead. */
function thoughtsOf(candidate: Candidate): Candidate['pieces'] {
  const thoughts = candidate.pieces.filter((piece) => piece.kind === 'thought');
  if (thoughts.length > 0) return thoughts;
  return candidate.pieces.flatMap((piece) =>
    piece.kind === 'text' ? [{ kind: 'thought' as const, text: piece.text, tokens: piece.tokens }] : [],
  );
}
