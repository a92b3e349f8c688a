import { type Answer, type Candidate, type Frame, fullUsage, inTurns, type Piece, UsageCount } from './answer.js';
import { type JsonObject } from './json.js';

const FINISHES: Readonly<Record<string, string>> = { STOP: 'stop', MAX_TOKENS: 'length', CONTINUATION: 'length' };

/** The events of an OpenAI-style stream, and one that carries nothing new. */
export interface OpenAiStream {
  readonly frames: readonly Frame[];
  /** An event that carries nothing new, as it would stand after so many events. */
  readonly idle: (events: number) => string;
}

/** An answer as the body of `chat/completions`; `created` is in seconds since the epoch. */
export function openAiBody(answer: Answer, created: number): JsonObject {
  const choices = candidatesOf(answer).map((candidate, index) => ({
    index,
    message: message(candidate),
    logprobs: null,
    finish_reason: hasCalls(candidate) && candidate.finish === 'STOP' ? 'tool_calls' : finishOf(candidate),
  }));
  return { ...head(answer, 'chat.completion', created), choices, usage: usageOf(fullUsage(answer)) };
}

/** An answer as the events of a streamed `chat/completions`; `[DONE]` is up to the framing. */
export function openAiStream(answer: Answer, created: number, includeUsage: boolean): OpenAiStream {
  const start = head(answer, 'chat.completion.chunk', created);
  const usage = new UsageCount(answer);
  const frames: Frame[] = [];
  const counts = new Map<number, number>();
  for (const { piece, index, last } of inTurns(answer)) {
    usage.add(piece);
    const call = counts.get(index) ?? 0;
    if (piece.kind === 'call') counts.set(index, call + 1);
    const candidate = answer.candidates[index];
    const finish = last && !answer.separateFinish && candidate !== undefined ? finishOf(candidate) : null;
    const delta = { role: 'assistant', ...deltaOf(piece, answer.withoutIndex ? undefined : call) };
    const data = JSON.stringify({ ...start, choices: [{ index, delta, finish_reason: finish }] });
    frames.push({ data, text: piece.kind === 'text', tokens: piece.tokens });
  }
  candidatesOf(answer).forEach((candidate, index) => {
    const wanted = candidate.pieces.length === 0 || (answer.separateFinish && candidate.finish !== undefined);
    if (!wanted || candidate.shape === 'noCandidates') return;
    const choice = { index, delta: { role: 'assistant' }, finish_reason: finishOf(candidate) };
    frames.push({ data: JSON.stringify({ ...start, choices: [choice] }), text: false, tokens: 0 });
  });
  if (includeUsage) {
    frames.push({ data: JSON.stringify({ ...start, choices: [], usage: usageOf(usage) }), text: false, tokens: 0 });
  }
  const nothing = [{ index: 0, delta: {}, finish_reason: null }];
  return { frames, idle: () => JSON.stringify({ ...start, choices: nothing }) };
}

function head(answer: Answer, object: string, created: number): JsonObject {
  return { id: answer.id, object, created, model: answer.model };
}

/** A blocked prompt has one choice that says so, as this dialect has no other place for it. */
function candidatesOf(answer: Answer): readonly Candidate[] {
  return answer.blockReason === undefined ? answer.candidates : [{ pieces: [], finish: answer.blockReason }];
}

function finishOf(candidate: Candidate): string | null {
  if (candidate.finish === undefined) return null;
  const filter = candidate.finish.includes('CALL') ? 'function_call_filter' : 'content_filter';
  return FINISHES[candidate.finish] ?? `${filter}: ${candidate.finish}`;
}

function hasCalls(candidate: Candidate): boolean {
  return candidate.pieces.some((piece) => piece.kind === 'call');
}

function message(candidate: Candidate): JsonObject {
  const texts = candidate.pieces.map((piece) => (piece.kind === 'text' ? piece.text : ''));
  const thoughts = candidate.pieces.map((piece) => (piece.kind === 'thought' ? piece.text : '')).join('');
  const calls = candidate.pieces.flatMap((piece) => (piece.kind === 'call' ? [toolCall(piece)] : []));
  const content = (thoughts === '' ? '' : `<thought>${thoughts}</thought>`) + texts.join('');
  return {
    role: 'assistant',
    content: content === '' && (calls.length > 0 || candidate.shape !== 'emptyText') ? null : content,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function deltaOf(piece: Piece, callIndex: number | undefined): JsonObject {
  switch (piece.kind) {
    case 'text':
      return { content: piece.text };
    case 'thought':
      return { content: piece.text, extra_content: { google: { thought: true } } };
    case 'call':
      return { tool_calls: [{ ...(callIndex !== undefined && { index: callIndex }), ...toolCall(piece) }] };
  }
}

function toolCall(piece: Extract<Piece, { kind: 'call' }>): JsonObject {
  const { id, name, args, signature } = piece.call;
  const body = { id: `function-call-${id}`, type: 'function', function: { name, arguments: JSON.stringify(args) } };
  return { ...body, ...(signature !== undefined && { extra_content: { google: { thought_signature: signature } } }) };
}

function usageOf(usage: UsageCount): JsonObject {
  return { prompt_tokens: usage.prompt, completion_tokens: usage.answer + usage.thoughts, total_tokens: usage.total };
}
