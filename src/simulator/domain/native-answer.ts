import { type Answer, type Candidate, type Frame, fullUsage, inTurns, type Piece, UsageCount } from './answer.js';
import { type Json, type JsonObject } from './json.js';

/** The events of a native stream, and one that carries nothing new. */
export interface NativeStream {
  readonly frames: readonly Frame[];
  /** An event that carries nothing new, as it would stand after so many events. */
  readonly idle: (events: number) => string;
}

/** An answer as the body of `generateContent`. */
export function nativeBody(answer: Answer): JsonObject {
  if (answer.blockReason !== undefined) return blocked(answer);
  const candidates = answer.candidates.flatMap((candidate, index) => wholeCandidate(candidate, index));
  return { ...(hasCandidates(answer) && { candidates }), ...tail(answer, fullUsage(answer)) };
}

/** An answer as the events of `streamGenerateContent`; usage grows from event to event. */
export function nativeStream(answer: Answer): NativeStream {
  const usage = new UsageCount(answer);
  const frames: Frame[] = [];
  if (answer.blockReason !== undefined) frames.push(frame(blocked(answer), false, 0));
  for (const { piece, index, last } of inTurns(answer)) {
    usage.add(piece);
    const candidate = answer.candidates[index];
    const ends = last && !answer.separateFinish && candidate !== undefined;
    const body = { content: content([part(piece)]), ...(ends && ending(candidate)), index, ...checkpoint(piece) };
    frames.push(frame({ candidates: [body], ...tail(answer, usage) }, piece.kind === 'text', piece.tokens));
  }
  answer.candidates.forEach((candidate, index) => {
    if (!needsClosing(answer, candidate)) return;
    const body = closing(answer, candidate, index);
    frames.push(frame({ ...(body !== undefined && { candidates: [body] }), ...tail(answer, usage) }, false, 0));
  });
  return { frames, idle: (events) => JSON.stringify(tail(answer, usageAfter(answer, events))) };
}

function usageAfter(answer: Answer, events: number): UsageCount {
  const usage = new UsageCount(answer);
  for (const { piece } of inTurns(answer).slice(0, events)) usage.add(piece);
  return usage;
}

/** The usage block of the native dialect. */
function nativeUsage(usage: UsageCount): JsonObject {
  return {
    promptTokenCount: usage.prompt,
    candidatesTokenCount: usage.answer,
    totalTokenCount: usage.total,
    ...(usage.cached > 0 && { cachedContentTokenCount: usage.cached }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.prompt }],
    ...(usage.thoughts > 0 && { thoughtsTokenCount: usage.thoughts }),
  };
}

function tail(answer: Answer, usage: UsageCount): JsonObject {
  return { usageMetadata: nativeUsage(usage), modelVersion: answer.model, responseId: answer.id };
}

function blocked(answer: Answer): JsonObject {
  return { promptFeedback: { blockReason: answer.blockReason, safetyRatings: [] }, ...tail(answer, fullUsage(answer)) };
}

function hasCandidates(answer: Answer): boolean {
  return answer.candidates.some((candidate) => candidate.shape !== 'noCandidates');
}

function wholeCandidate(candidate: Candidate, index: number): readonly JsonObject[] {
  if (candidate.shape === 'noCandidates') return [];
  const parts = joined(candidate.pieces).map(part);
  return [{ ...emptyContent(candidate, parts), ...ending(candidate), index }];
}

function emptyContent(candidate: Candidate, parts: readonly Json[]): JsonObject {
  if (candidate.shape === 'noContent') return {};
  if (candidate.shape === 'noParts' || (parts.length === 0 && candidate.finish === undefined))
    return { content: { role: 'model' } };
  return { content: content(parts.length === 0 ? [{ text: '' }] : parts) };
}

/** Text and thoughts come in one part each when nothing is streamed. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last !== undefined && last.kind !== 'call' && piece.kind === last.kind) {
      whole[whole.length - 1] = { ...last, text: last.text + piece.text };
    } else {
      whole.push(piece);
    }
  }
  return whole;
}

function part(piece: Piece): JsonObject {
  if (piece.kind === 'thought') return { text: piece.text, thought: true };
  if (piece.kind === 'text') return { text: piece.text };
  const { id, name, args, signature } = piece.call;
  const functionCall = { name, args, ...(signature !== undefined && { id }) };
  return { functionCall, ...(signature !== undefined && { thoughtSignature: signature }) };
}

function content(parts: readonly Json[]): JsonObject {
  return { parts, role: 'model' };
}

function ending(candidate: Candidate): JsonObject {
  return {
    ...(candidate.finish !== undefined && { finishReason: candidate.finish }),
    ...(candidate.finishMessage !== undefined && { finishMessage: candidate.finishMessage }),
    ...(candidate.token !== undefined && { continuationToken: candidate.token }),
  };
}

function checkpoint(piece: Piece): JsonObject {
  return piece.kind === 'text' && piece.checkpoint !== undefined ? { continuationToken: piece.checkpoint } : {};
}

function needsClosing(answer: Answer, candidate: Candidate): boolean {
  return candidate.pieces.length === 0 || (answer.separateFinish && candidate.finish !== undefined);
}

function closing(answer: Answer, candidate: Candidate, index: number): JsonObject | undefined {
  if (candidate.shape === 'noCandidates') return undefined;
  const signed = answer.signature !== undefined && candidate.pieces.length > 0;
  const parts = [{ text: '', ...(signed && { thoughtSignature: answer.signature }) }];
  return { ...emptyContent(candidate, parts), ...ending(candidate), index };
}

function frame(body: JsonObject, text: boolean, tokens: number): Frame {
  return { data: JSON.stringify(body), text, tokens };
}
