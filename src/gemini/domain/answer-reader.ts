import { AnswerDefect } from './answer-defect.js';
import { type AnswerState, GeminiAnswer, OpenAiAnswer } from './answer-state.js';
import { ArraySplitter } from './array-splitter.js';
import { EventPattern } from './event-pattern.js';
import { parseJson } from './json-scan.js';
import { type JsonText } from './json-text.js';
import { memoryOf } from './memory-of.js';
import { type StreamForm } from './route.js';
import { EventTooLarge, type SseEvent, SseSplitter } from './sse-splitter.js';
import { isRecord, readUpstreamError } from './upstream-error.js';
import { type Usage } from './usage.js';

/** What is longer is not the mark of the end, whatever white space is about it. */
const DONE_LIMIT = 32;
/** Patterns that are learnt in vain, one after the other, before it is let be. */
const VAIN_LESSONS = 4;

/** One whole event of an answer, fit to be passed on. */
export interface AnswerEvent {
  /** Bytes for the client: the upstream's own wherever every client can read them. */
  readonly raw: Buffer;
  /** What it says; the next event may be told by the same object. */
  readonly data: Record<string, unknown>;
  /** True when it brought the answer forward. */
  readonly progress: boolean;
}

/**
 * Reads a streamed answer in any of its forms, hands on whole events, and finds every way
 * in which the stream can pass for a whole answer without being one. Once the answer is
 * complete, what follows can no longer spoil it.
 */
export class AnswerReader {
  readonly state: AnswerState;
  readonly #sse: SseSplitter | undefined;
  readonly #array: ArraySplitter | undefined;
  readonly #onEvent: (event: AnswerEvent) => void;
  #terminated = false;
  /** How the events of this answer look, once two of them were parsed. */
  #pattern: EventPattern | undefined;
  /** The pattern, where the event before was read by it, brought nothing but its text, and left the answer open. */
  #alike: EventPattern | undefined;
  /** Characters of the events that were read by it, and told to nobody else. */
  #saidAlike = 0;
  #parsed = 0;
  #lessons = 0;

  /**
   * @param eventLimit most bytes of one event
   * @param onText told the text of events that were read and not told, and the memory in which it stands: of some at a time, and before any other event
   */
  constructor(
    readonly form: StreamForm,
    private readonly eventLimit: number,
    onEvent: (event: AnswerEvent) => void,
    private readonly onText: (text: JsonText, memory: DataView) => void = () => undefined,
  ) {
    this.state = form === 'openai-sse' ? new OpenAiAnswer() : new GeminiAnswer();
    this.#onEvent = onEvent;
    if (form === 'gemini-array') {
      this.#array = new ArraySplitter(eventLimit, ({ raw, text }) => {
        if (this.#array?.foreign === true) this.#foreign(text);
        else this.#json(text, raw);
      });
    } else {
      this.#sse = new SseSplitter(eventLimit, (event) => {
        this.#event(event);
      });
    }
  }

  /** True once the end mark of the form has come (`[DONE]`, the array's bracket); native SSE has none. */
  get terminated(): boolean {
    return this.#terminated || this.#array?.closed === true;
  }

  /** True once the answer is whole beyond doubt: nothing that follows can spoil it. */
  get settled(): boolean {
    return this.state.complete && this.state.finishIsLast && !this.state.empty;
  }

  /** Characters so far. */
  get said(): number {
    return this.state.said + this.#saidAlike;
  }

  /** The last word on tokens. */
  get usage(): Usage | undefined {
    this.settle();
    return this.state.usage;
  }

  /** Tells what is kept of the events that were read and not told: their text, and in what events were parsed to their counts. */
  settle(): void {
    this.#alike?.tellCounts();
    this.#alike?.tellText(this.onText);
  }

  /** Takes the next bytes. Throws AnswerDefect. */
  push(chunk: Buffer): void {
    this.settle();
    try {
      if (this.#sse !== undefined) this.#pushEvents(this.#sse, chunk);
      this.#array?.push(chunk);
    } catch (error) {
      if (error instanceof EventTooLarge) throw new AnswerDefect('event_too_large');
      throw error;
    }
    if (this.#array?.foreign === true && this.#array.closed) this.#foreign('');
    // What comes next is the rest of an event.
    if (this.#sse?.between === false) this.#alike = undefined;
  }

  /**
   * Reads the events at the start of a chunk that are like the one before but for their text, of which there is some, and
   * their counts: nearly all of a stream. None of them ends the answer. They are not told as events, which costs more than to read them.
   * @returns the index behind them; what follows is to be pushed
   */
  again(chunk: Buffer): number {
    const pattern = this.#alike;
    if (pattern === undefined) return 0;
    const memory = memoryOf(chunk);
    const start = chunk.byteOffset;
    const limit = start + chunk.length;
    let from = start;
    while (from < limit) {
      const end = pattern.read(memory, from, Math.min(limit, from + this.eventLimit));
      if (end < 0) break;
      const { text } = pattern;
      if (text.units === 0) break;
      this.#saidAlike += text.units;
      if (!pattern.keepText(memory)) this.#tellText(pattern, memory);
      from = end;
    }
    return from - start;
  }

  /** There is no room left to keep the text of the event that was just read in this memory. */
  #tellText(pattern: EventPattern, memory: DataView): void {
    const { from, to, units, escaped } = pattern.text;
    pattern.tellText(this.onText);
    if (!pattern.keepText(memory)) this.onText({ from, to, units, escaped }, memory);
  }

  /** The upstream has ended the stream properly. Throws AnswerDefect when the answer is not whole. */
  end(): void {
    this.#rest((this.#sse ?? this.#array)?.rest() ?? Buffer.alloc(0));
    if (!this.state.complete) throw new AnswerDefect('no_finish');
    this.judge();
  }

  /** Throws AnswerDefect when the answer is complete but says nothing. */
  judge(): void {
    if (this.state.empty) throw new AnswerDefect('empty');
  }

  /** Events that look like those before are read by their pattern, whatever else comes is taken apart. */
  #pushEvents(sse: SseSplitter, chunk: Buffer): void {
    const memory = memoryOf(chunk);
    const start = chunk.byteOffset;
    let from = 0;
    while (this.#pattern !== undefined && sse.between && !this.#terminated && from < chunk.length) {
      const end =
        this.#pattern.read(memory, start + from, start + Math.min(chunk.length, from + this.eventLimit)) - start;
      if (end < 0) break;
      this.#lessons = 0;
      const raw = end - from === chunk.length ? chunk : chunk.subarray(from, end);
      this.#passNext(this.#pattern, raw, this.#pattern.dataIn(memory));
      from = end;
    }
    if (from < chunk.length) sse.push(from === 0 ? chunk : chunk.subarray(from));
  }

  #passNext(pattern: EventPattern, raw: Buffer, data: Record<string, unknown>): void {
    const { units } = pattern.text;
    const { said } = this.state;
    this.#pass(data, raw);
    if (units > 0 && this.state.said - said === units && !this.state.complete) this.#alike = pattern;
  }

  #pass(data: Record<string, unknown>, raw: Buffer): void {
    this.#alike = undefined;
    const progress = this.state.accept(data);
    this.#onEvent({ raw, data, progress });
  }

  /** What stands behind the last whole event: nothing, a last event without its blank line, or half a one. */
  #rest(rest: Buffer): void {
    if (this.settled || this.terminated) return;
    const text = rest.toString('utf8').trim();
    if (text === '' || (this.#array !== undefined && text === '[')) return;
    const parsed = parseJson(text.startsWith('data:') ? text.slice(5) : text);
    const error = readUpstreamError(parsed);
    if (error !== undefined) throw new AnswerDefect('error_event', error);
    if (!text.startsWith('data:')) throw new AnswerDefect(/^[[{,]/.test(text) ? 'truncated_event' : 'foreign_bytes');
    if (!isRecord(parsed)) throw new AnswerDefect('truncated_event');
    this.#json(text.slice(5), Buffer.from(`${text}\n\n`));
  }

  #event({ data, raw, plain, foreign }: SseEvent): void {
    if (foreign) {
      this.#foreign(raw.toString('utf8'));
      return;
    }
    if (data === undefined) return;
    if (data.length < DONE_LIMIT && data.trim() === '[DONE]') {
      this.#terminated = true;
      this.#alike = undefined;
      return;
    }
    this.#json(data, plain ? raw : undefined);
  }

  #foreign(text: string): void {
    if (this.settled || this.#terminated) return;
    const error = readUpstreamError(parseJson(text));
    throw error === undefined ? new AnswerDefect('foreign_bytes') : new AnswerDefect('error_event', error);
  }

  #json(text: string, raw: Buffer | undefined): void {
    if (this.#terminated) return;
    const data = parseJson(text);
    if (this.settled && (!isRecord(data) || 'error' in data)) return;
    const error = readUpstreamError(data);
    if (error !== undefined) throw new AnswerDefect('error_event', error);
    if (!isRecord(data)) throw new AnswerDefect('malformed_event');
    // Clients index `choices[0]` without looking.
    if (this.form === 'openai-sse' && !Array.isArray(data['choices'])) return;
    this.#pass(data, raw ?? Buffer.from(`data: ${text.includes('\n') ? JSON.stringify(data) : text}\n\n`));
    if (raw !== undefined && this.#sse !== undefined) this.#learn(raw, data);
  }

  #learn(raw: Buffer, data: Record<string, unknown>): void {
    if (++this.#parsed === 1 || this.#lessons === VAIN_LESSONS) return;
    this.#lessons++;
    this.#pattern = EventPattern.of(raw, data, this.form === 'openai-sse' ? 'openai' : 'gemini') ?? this.#pattern;
  }
}
