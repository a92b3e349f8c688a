import { isFinish, isThought } from './resume/delivered.js';
import { isRecord } from './upstream-error.js';
import { geminiUsage, openAiUsage, type Usage } from './usage.js';

/** What is known of an answer that was given. */
export interface AnswerFacts {
  readonly model: string | undefined;
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
}

/** What a call, an image or another part that is no text counts for, characters. */
const OTHER_PART = 64;

/** What is known of an answer from the events or the body seen so far. */
export interface AnswerState {
  /** Takes one parsed event (or a whole body); true when it brought the answer forward: content, a finish or a block. */
  accept(event: Record<string, unknown>): boolean;
  /** Every candidate has a finish reason, or the prompt was blocked. */
  readonly complete: boolean;
  /**
   * Content came before the finish, so that a finish can be believed to be the end. Some models say
   * STOP in every event: then only the end of the stream is the end of the answer.
   */
  readonly finishIsLast: boolean;
  /** Complete with reason STOP although nothing was said, called or shown. */
  readonly empty: boolean;
  /** Complete, but all it holds is a call of a function that came out malformed. */
  readonly badCall: boolean;
  /** Why the answer ended; for a blocked prompt, why it was blocked. */
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
  /** Characters of text and thoughts so far; whatever else was said counts as some dozens of them. */
  readonly said: number;
  /** The model that answers, by its own word. */
  readonly model: string | undefined;
}

/** Follows an answer in Gemini's own dialect. Unknown finish reasons are terminal like known ones. */
export class GeminiAnswer implements AnswerState {
  model: string | undefined;
  finishReason: string | undefined;
  said = 0;
  #counts: Record<string, unknown> | undefined;
  #content = false;
  #unfinished = false;
  #blocked = false;
  readonly #open = new Set<number>();
  readonly #finished = new Set<number>();

  get usage(): Usage | undefined {
    return this.#counts === undefined ? undefined : geminiUsage(this.#counts);
  }

  get finishIsLast(): boolean {
    return this.#unfinished || this.#blocked;
  }

  get complete(): boolean {
    return this.#blocked || (this.#finished.size > 0 && this.#open.size === 0);
  }

  get empty(): boolean {
    return this.complete && !this.#blocked && !this.#content && this.finishReason === 'STOP';
  }

  get badCall(): boolean {
    return this.complete && !this.#content && this.finishReason === 'MALFORMED_FUNCTION_CALL';
  }

  accept(event: Record<string, unknown>): boolean {
    const { candidates, promptFeedback, usageMetadata, modelVersion } = event;
    if (typeof modelVersion === 'string') this.model = modelVersion;
    if (isRecord(usageMetadata)) this.#counts = usageMetadata;
    let progress = false;
    if (isRecord(promptFeedback) && typeof promptFeedback['blockReason'] === 'string') {
      progress = this.#blocked = true;
      this.finishReason = promptFeedback['blockReason'];
    }
    if (Array.isArray(candidates)) {
      for (const candidate of candidates) if (isRecord(candidate) && this.#candidate(candidate)) progress = true;
    }
    return progress;
  }

  #candidate(candidate: Record<string, unknown>): boolean {
    const index = typeof candidate['index'] === 'number' ? candidate['index'] : 0;
    const progress = this.#parts(candidate['content']);
    const reason = candidate['finishReason'];
    if (!isFinish(reason)) {
      if (!this.#finished.has(index)) this.#open.add(index);
      if (progress) this.#unfinished = !this.#finished.has(index);
      return progress;
    }
    this.finishReason = reason;
    this.#open.delete(index);
    this.#finished.add(index);
    return true;
  }

  /** Thoughts are progress but no content: an answer of thoughts alone says nothing to its reader. */
  #parts(content: unknown): boolean {
    const parts = isRecord(content) ? content['parts'] : undefined;
    let progress = false;
    if (!Array.isArray(parts)) return false;
    for (const part of parts) {
      if (!isRecord(part)) continue;
      const text = part['text'];
      if (text === '' || (text === undefined && !carriesOther(part))) continue;
      progress = true;
      this.said += typeof text === 'string' ? text.length : OTHER_PART;
      if (part['thought'] !== true) this.#content = true;
    }
    return progress;
  }
}

/** A part that is not text, whatever its kind, says something; a lone signature does not. */
function carriesOther(part: Record<string, unknown>): boolean {
  return Object.keys(part).some((name) => name !== 'thought' && name !== 'thoughtSignature');
}

/** Follows an answer in OpenAI's dialect, streamed (`delta`) or whole (`message`). */
export class OpenAiAnswer implements AnswerState {
  /** This surface has no word for it. */
  readonly badCall = false;
  model: string | undefined;
  finishReason: string | undefined;
  said = 0;
  #counts: Record<string, unknown> | undefined;
  #content = false;
  #unfinished = false;
  readonly #open = new Set<number>();
  readonly #finished = new Set<number>();

  get usage(): Usage | undefined {
    return this.#counts === undefined ? undefined : openAiUsage(this.#counts);
  }

  get finishIsLast(): boolean {
    return this.#unfinished;
  }

  get complete(): boolean {
    return this.#finished.size > 0 && this.#open.size === 0;
  }

  get empty(): boolean {
    return this.complete && !this.#content && this.finishReason === 'stop';
  }

  accept(event: Record<string, unknown>): boolean {
    const { choices, usage, model } = event;
    if (typeof model === 'string') this.model = model;
    if (isRecord(usage)) this.#counts = usage;
    if (!Array.isArray(choices)) return false;
    let progress = false;
    for (const choice of choices) if (isRecord(choice) && this.#choice(choice)) progress = true;
    return progress;
  }

  #choice(choice: Record<string, unknown>): boolean {
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
    const said = choice['delta'] ?? choice['message'];
    const characters = isRecord(said) ? spoken(said) : 0;
    const progress = characters > 0;
    if (progress) {
      this.#content ||= !onlyThinks(choice['delta']);
      this.said += characters;
    }
    const reason = choice['finish_reason'];
    if (!isFinish(reason)) {
      if (!this.#finished.has(index)) this.#open.add(index);
      if (progress) this.#unfinished = !this.#finished.has(index);
      return progress;
    }
    this.finishReason = reason;
    this.#open.delete(index);
    this.#finished.add(index);
    return true;
  }
}

/** A piece of a stream that is thought alone; whole messages hold their thoughts and the answer in one text. */
function onlyThinks(delta: unknown): boolean {
  return isRecord(delta) && isThought(delta) && delta['tool_calls'] === undefined;
}

/** Characters of what a message says or calls; its role alone is no content. */
function spoken(message: Record<string, unknown>): number {
  let characters = 0;
  for (const name in message) {
    const value = message[name];
    if (name === 'role' || name === 'extra_content' || value === null || value === '') continue;
    if (typeof value === 'string') characters += value.length;
    else if (!Array.isArray(value) || value.length > 0) characters += OTHER_PART;
  }
  return characters;
}
