import { GrowingText } from '../growing-text.js';
import { type JsonText } from '../json-text.js';
import { isRecord } from '../upstream-error.js';
import { type Surface } from '../route.js';

/** Why an answer that broke is not gone on with. */
export type ResumeBar =
  | 'tool_call'
  | 'code'
  | 'grounding'
  | 'media'
  | 'candidates'
  | 'logprobs'
  | 'safety'
  | 'finished'
  | 'unknown_part'
  | 'too_long';

/** A token of the upstream with which an answer can be gone on with from where it was given. */
export interface Checkpoint {
  readonly token: string;
  /** Length of the text when it was given. */
  readonly at: number;
}

/** Parts of a native answer that are no text, by member, and what they are to a resumption. */
const PART_BARS: readonly (readonly [string, ResumeBar])[] = [
  ['functionCall', 'tool_call'],
  ['functionResponse', 'tool_call'],
  ['toolCall', 'tool_call'],
  ['executableCode', 'code'],
  ['codeExecutionResult', 'code'],
  ['inlineData', 'media'],
  ['fileData', 'media'],
];
/** Members of a text part that change nothing about it. */
const TEXT_MEMBERS: ReadonlySet<string> = new Set(['text', 'thought', 'thoughtSignature']);
/** Members of a choice's delta that change nothing about its text. */
const DELTA_MEMBERS: ReadonlySet<string> = new Set([
  'role',
  'content',
  'refusal',
  'extra_content',
  'reasoning_content',
]);

/** What a client has been given of an answer, and what stands against going on with it. */
export class Delivered {
  readonly #said = new GrowingText();
  /** Whether the event taken last has said something. */
  #speaks = false;
  bar: ResumeBar | undefined;
  checkpoint: Checkpoint | undefined;
  /** Id of the answer, under the surface's own name for it. */
  id: string | undefined;
  /** The model, by its own word. */
  model: string | undefined;
  /** Last word of the upstream on tokens, as it came. */
  usage: Record<string, unknown> | undefined;
  /** Tokens of attempts that broke, added up, under the surface's own names. */
  spent: Readonly<Record<string, unknown>> = {};

  /** @param limit most UTF-16 units of text that are kept: what is longer is not gone on with */
  constructor(
    readonly surface: Surface,
    private readonly limit: number,
  ) {}

  /** Visible text, thoughts left out. */
  get text(): string {
    return this.#said.value;
  }

  /** UTF-16 units of the visible text. */
  get length(): number {
    return this.#said.length;
  }

  /** Takes further text that goes to the client. */
  say(text: string): void {
    this.#speaks = true;
    if (this.#hasRoom(text.length)) this.#said.append(text);
  }

  /** Takes an event that goes to the client. */
  accept(event: Record<string, unknown>): void {
    this.#speaks = false;
    if (this.surface === 'openai') this.#chat(event);
    else this.#native(event);
  }

  /** Takes events that are like the one before but for their counts and their text, which stands in this memory. */
  again(text: JsonText, memory: DataView): void {
    if (!this.#speaks) return;
    if (this.#hasRoom(text.units)) this.#said.appendUnread(text, memory);
  }

  /** The finish that was taken in did not go to the client after all. */
  withdrawFinish(): void {
    if (this.bar === 'finished') this.bar = undefined;
  }

  #hasRoom(units: number): boolean {
    if (this.length + units <= this.limit) return true;
    this.bar ??= 'too_long';
    return false;
  }

  #native({ candidates, promptFeedback, usageMetadata, responseId, modelVersion }: Record<string, unknown>): void {
    if (typeof responseId === 'string') this.id ??= responseId;
    if (typeof modelVersion === 'string') this.model ??= modelVersion;
    if (isRecord(usageMetadata)) this.usage = usageMetadata;
    if (isRecord(promptFeedback) && promptFeedback['blockReason'] !== undefined) this.bar ??= 'safety';
    if (!Array.isArray(candidates)) return;
    if (candidates.length > 1) this.bar ??= 'candidates';
    for (const candidate of candidates) if (isRecord(candidate)) this.#candidate(candidate);
  }

  #candidate(candidate: Record<string, unknown>): void {
    const { index, content, finishReason, logprobsResult, continuationToken } = candidate;
    if (index !== undefined && index !== 0) this.bar ??= 'candidates';
    // What its text is grounded on: another attempt may find other sources.
    const { groundingMetadata, urlContextMetadata } = candidate;
    if (groundingMetadata !== undefined || urlContextMetadata !== undefined) this.bar ??= 'grounding';
    if (logprobsResult !== undefined) this.bar ??= 'logprobs';
    const parts = isRecord(content) ? content['parts'] : undefined;
    if (Array.isArray(parts)) for (const part of parts) if (isRecord(part)) this.#part(part);
    if (typeof continuationToken === 'string') this.checkpoint = { token: continuationToken, at: this.length };
    if (isFinish(finishReason)) this.bar ??= 'finished';
  }

  #part(part: Record<string, unknown>): void {
    if (part['thought'] === true) return;
    if (typeof part['text'] === 'string') this.say(part['text']);
    for (const name in part) if (!TEXT_MEMBERS.has(name)) this.bar ??= barOf(name);
  }

  #chat({ choices, id, model, usage }: Record<string, unknown>): void {
    if (typeof id === 'string') this.id ??= id;
    if (typeof model === 'string') this.model ??= model;
    if (isRecord(usage)) this.usage = usage;
    if (!Array.isArray(choices)) return;
    if (choices.length > 1) this.bar ??= 'candidates';
    for (const choice of choices) if (isRecord(choice)) this.#choice(choice);
  }

  #choice({ index, delta, logprobs, finish_reason: reason }: Record<string, unknown>): void {
    if (index !== undefined && index !== 0) this.bar ??= 'candidates';
    if (logprobs !== undefined && logprobs !== null) this.bar ??= 'logprobs';
    if (isRecord(delta)) {
      if (typeof delta['content'] === 'string' && !isThought(delta)) this.say(delta['content']);
      for (const name in delta) if (!DELTA_MEMBERS.has(name) && !isNothing(delta[name])) this.bar ??= 'tool_call';
    }
    if (isFinish(reason)) this.bar ??= 'finished';
  }
}

/** Whether a finish reason is one: some upstreams spell out that there is none. */
export function isFinish(reason: unknown): reason is string {
  return typeof reason === 'string' && reason !== '' && reason !== 'FINISH_REASON_UNSPECIFIED';
}

/** Whether a delta's content is a thought, which this surface tells beside it. */
export function isThought({ extra_content: extra }: Record<string, unknown>): boolean {
  const google = isRecord(extra) ? extra['google'] : undefined;
  return isRecord(google) && google['thought'] === true;
}

function barOf(member: string): ResumeBar {
  return PART_BARS.find(([name]) => name === member)?.[1] ?? 'unknown_part';
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
