import { type Form } from './forms.js';
import { type WireAnswer } from './wire.js';

/** What a caller makes of a response. */
export interface Answer extends WireAnswer {
  readonly text: string;
  /** Why the answer ended, or why the prompt was blocked. */
  readonly finish: string | undefined;
  /** The last usage that was told, its numbers only. */
  readonly usage: Readonly<Record<string, number>> | undefined;
  /** Who answers, by the word of the body. */
  readonly model: string | undefined;
  /** The error that was shown, in whatever place. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** Whether the mark came with which a whole answer of this form ends. */
  readonly ended: boolean;
  /** Something that is no event, or no JSON, among what came. */
  readonly spoilt: string | undefined;
  /** Text of each event, in order; an answer in one piece is one event. */
  readonly pieces: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

interface Reading {
  pieces: string[];
  finish: string | undefined;
  usage: Readonly<Record<string, number>> | undefined;
  model: string | undefined;
  error: Answer['error'];
  ended: boolean;
  spoilt: string | undefined;
}

/** The longest part of a spoilt event that is shown. */
const SHOWN = 60;

/** Reads a response as a client of that form would, and keeps what such a client would overlook. */
export function readAnswer(form: Form, wire: WireAnswer): Answer {
  const reading: Reading = {
    pieces: [],
    finish: undefined,
    usage: undefined,
    model: undefined,
    error: undefined,
    ended: false,
    spoilt: undefined,
  };
  const streamed = form.streamed && String(wire.headers['content-type']).startsWith('text/event-stream');
  if (streamed) {
    const events = wire.body.split(/\r?\n\r?\n/);
    const rest = events.pop() ?? '';
    for (const event of events) takeEvent(reading, event);
    if (rest !== '') reading.spoilt ??= rest.slice(0, SHOWN);
    if (form.surface === 'native') reading.ended = reading.finish !== undefined;
  } else if (wire.body !== '') {
    takeJson(reading, wire.body);
    reading.ended = wire.end === 'clean';
  }
  return { ...wire, ...reading, text: reading.pieces.join('') };
}

function takeEvent(reading: Reading, event: string): void {
  const data = event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n');
  if (data === '') return;
  if (/^event: done$/m.test(event)) reading.ended = true;
  if (data === '[DONE]') {
    reading.ended = true;
    return;
  }
  // The error of the node's own endpoint is an event of that name, not a member.
  takeJson(reading, /^event: error$/m.test(event) ? `{"error":${data}}` : data);
}

function takeJson(reading: Reading, text: string): void {
  const data = parsed(text);
  if (data === undefined) {
    reading.spoilt ??= text.slice(0, SHOWN);
    return;
  }
  const error = errorOf(data);
  if (error !== undefined) reading.error ??= error;
  const candidate = first(data['candidates']);
  const choice = first(data['choices']);
  const parts = list(record(candidate['content'])['parts']).map((part) => string(record(part)['text']) ?? '');
  const message = record(choice['delta'] ?? choice['message']);
  reading.pieces.push(parts.join('') + (string(message['content']) ?? '') + (string(data['text']) ?? ''));
  reading.finish =
    string(candidate['finishReason']) ??
    string(choice['finish_reason']) ??
    string(record(data['promptFeedback'])['blockReason']) ??
    string(data['finish_reason']) ??
    reading.finish;
  reading.model = string(data['modelVersion']) ?? string(data['model']) ?? reading.model;
  reading.usage = numbers(data['usageMetadata'] ?? data['usage']) ?? reading.usage;
}

/** An error in the dialect of any surface: Gemini's, OpenAI's, or problem+json. */
function errorOf(data: Json): Answer['error'] {
  const error = typeof data['error'] === 'object' ? record(data['error']) : data;
  const message = string(error['message']) ?? string(error['detail']);
  if (error === data && string(data['title']) === undefined) return undefined;
  return { code: codeOf(data, error), message: message ?? '' };
}

/** The most exact word there is: the node's own code, the reason Gemini gives, or the name of the status. */
function codeOf(data: Json, error: Json): string {
  const reasons = list(error['details']).flatMap((detail) => string(record(detail)['reason']) ?? []);
  return (
    string(record(data['l104'])['code']) ??
    reasons[0] ??
    string(error['code']) ??
    string(error['status']) ??
    string(error['type']) ??
    ''
  );
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function first(value: unknown): Json {
  return record(list(value)[0]);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numbers(value: unknown): Readonly<Record<string, number>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
