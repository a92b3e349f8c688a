import { type Answer, type Frame, fullUsage, type Piece } from './answer.js';
import { type JsonObject } from './json.js';

/** The parts of an interaction that are the same in every form of it. */
export interface InteractionHead {
  readonly id: string;
  readonly model: string;
  /** ISO time stamp. */
  readonly created: string;
}

const STATUSES: Readonly<Record<string, string>> = {
  STOP: 'completed',
  MAX_TOKENS: 'incomplete',
  CONTINUATION: 'requires_continuation',
};

/** An answer as an interaction resource. */
export function interactionBody(answer: Answer, head: InteractionHead): JsonObject {
  return { ...summary(answer, head), steps: stepsOf(answer).map(({ step, pieces }) => fullStep(step, pieces)) };
}

/** An answer as the events of a streamed interaction, and one that carries nothing new. */
export function interactionStream(
  answer: Answer,
  head: InteractionHead,
): { frames: readonly Frame[]; idle: () => string } {
  const begun = { id: head.id, object: 'interaction', model: head.model, created: head.created, status: 'in_progress' };
  const status = JSON.stringify({
    event_type: 'interaction.status_update',
    interaction_id: head.id,
    status: 'in_progress',
  });
  const frames: Frame[] = [
    event('interaction.created', { interaction: begun }),
    plain('interaction.status_update', status),
  ];
  stepsOf(answer).forEach(({ step, pieces }, index) => {
    frames.push(event('step.start', { index, step }));
    for (const piece of pieces) {
      frames.push({
        ...event('step.delta', { index, delta: deltaOf(piece) }),
        text: piece.kind === 'text',
        tokens: piece.tokens,
      });
    }
    frames.push(event('step.stop', { index }));
  });
  frames.push(event('interaction.completed', { interaction: summary(answer, head) }));
  return { frames, idle: () => status };
}

function summary(answer: Answer, head: InteractionHead): JsonObject {
  const candidate = answer.candidates[0];
  const calls = candidate?.pieces.some((piece) => piece.kind === 'call') === true;
  const usage = fullUsage(answer);
  return {
    id: head.id,
    object: 'interaction',
    model: head.model,
    role: 'model',
    created: head.created,
    updated: head.created,
    status: calls ? 'requires_action' : (STATUSES[candidate?.finish ?? ''] ?? 'failed'),
    ...(candidate?.token !== undefined && { continuation_token: candidate.token }),
    usage: {
      total_input_tokens: usage.prompt,
      total_output_tokens: usage.answer,
      total_thought_tokens: usage.thoughts,
      total_tokens: usage.total,
    },
  };
}

interface StepDraft {
  readonly step: JsonObject;
  readonly pieces: Piece[];
}

/** Neighbouring pieces of one kind are one step; each call is a step of its own. */
function stepsOf(answer: Answer): readonly StepDraft[] {
  const steps: StepDraft[] = [];
  for (const piece of answer.candidates[0]?.pieces ?? []) {
    const last = steps.at(-1);
    if (last !== undefined && piece.kind !== 'call' && last.pieces[0]?.kind === piece.kind) last.pieces.push(piece);
    else steps.push({ step: stepHead(piece), pieces: [piece] });
  }
  return steps;
}

function stepHead(piece: Piece): JsonObject {
  if (piece.kind === 'call') return { type: 'function_call', id: piece.call.id, name: piece.call.name, arguments: {} };
  return { type: piece.kind === 'thought' ? 'thought' : 'model_output' };
}

function fullStep(step: JsonObject, pieces: readonly Piece[]): JsonObject {
  const first = pieces[0];
  if (first?.kind === 'call') return { ...step, arguments: first.call.args };
  const text = pieces.map((piece) => (piece.kind === 'call' ? '' : piece.text)).join('');
  return { ...step, [first?.kind === 'thought' ? 'summary' : 'content']: [{ type: 'text', text }] };
}

function deltaOf(piece: Piece): JsonObject {
  switch (piece.kind) {
    case 'text':
      return { type: 'text', text: piece.text };
    case 'thought':
      return { type: 'thought_summary', content: { type: 'text', text: piece.text } };
    case 'call':
      return { type: 'arguments_delta', arguments: JSON.stringify(piece.call.args) };
  }
}

function event(name: string, body: JsonObject): Frame {
  return plain(name, JSON.stringify({ event_type: name, ...body }));
}

function plain(name: string, data: string): Frame {
  return { name, data, text: false, tokens: 0 };
}
