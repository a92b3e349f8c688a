import { BACKSLASH, CLOSE_BRACE, OPEN_BRACE, QUOTE } from './json-bytes.js';
import { type Span, topLevelMembers } from './json-scan.js';
import { type JsonText, TextScan, textOf } from './json-text.js';
import { Literals } from './literals.js';
import { memoryOf } from './memory-of.js';
import { type Surface } from './route.js';
import { isRecord } from './upstream-error.js';

type Json = Record<string, unknown>;

/** Bytes beside its text and counts of an event that is learnt, at most. */
const LITERAL_LIMIT = 4096;
/** A count of more digits is not read here: it may not be exact. */
const DIGITS = 15;
const ZERO = 0x30;
const NINE = 0x39;

/** Where an event has its text, and the counts that change from event to event. */
interface Places {
  /** Names of members, and 0 for the only element of an array. */
  readonly text: readonly (string | 0)[];
  readonly usage: string;
  readonly counts: readonly string[];
}

const PLACES: Readonly<Record<Surface, Places>> = {
  gemini: {
    text: ['candidates', 0, 'content', 'parts', 0, 'text'],
    usage: 'usageMetadata',
    counts: ['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount', 'totalTokenCount'],
  },
  openai: {
    text: ['choices', 0, 'delta', 'content'],
    usage: 'usage',
    counts: ['prompt_tokens', 'completion_tokens', 'total_tokens'],
  },
};

/** An event that was parsed. */
interface Lesson {
  readonly event: Buffer;
  readonly data: Json;
}

/** A value that may be another in the next event. */
interface Hole {
  /** Its bytes, in the event that was learnt. */
  readonly span: Span;
  /** The object that has it as a member, and the name of that. */
  readonly holder: Json;
  readonly name: string;
  readonly isText: boolean;
}

/**
 * The events of an answer are alike but for their text and their counts. Learnt from one that was parsed, a pattern reads
 * another that has the same bytes around these values: such a one parses to the same object with its own values in their
 * places, and nothing but them need be looked at. An event that differs in anything else is no match, and is to be parsed.
 */
export class EventPattern {
  /** The bytes before, between and behind the holes: one piece more than there are holes. */
  readonly #literals: Literals;
  readonly #holeCount: number;
  /** Which of the holes has the text. */
  readonly #textHole: number;
  /** Counts of the event read last, and behind them those of the one that is being read; 0 in the place of the text. */
  readonly #counts: number[];
  readonly #data: Json;
  readonly #text = new TextScan();
  /** Index behind the count read last. */
  #end = 0;

  private constructor(
    event: Buffer,
    data: Json,
    private readonly holes: readonly Hole[],
  ) {
    const starts = [0, ...holes.map(({ span }) => span.end)];
    const ends = [...holes.map(({ span }) => span.start), event.length];
    this.#data = data;
    this.#literals = new Literals(starts.map((start, index) => event.subarray(start, ends[index])));
    this.#holeCount = holes.length;
    this.#textHole = holes.findIndex(({ isText }) => isText);
    const counts = holes.map(({ holder, name, isText }) => (isText ? 0 : (holder[name] as number)));
    this.#counts = [...counts, ...counts];
  }

  /**
   * Learns from an event of one data line; undefined where it has no text in the usual place.
   * @param event its bytes, with the blank line
   * @param data what its data parses to; it becomes the pattern's
   */
  static of(event: Buffer, data: Json, surface: Surface): EventPattern | undefined {
    const { text: path, usage, counts } = PLACES[surface];
    const lesson = { event, data };
    const [text] = holesAt(lesson, path.slice(0, -1), [String(path.at(-1))]);
    if (text === undefined || event[text.span.start] !== QUOTE) return undefined;
    const { start, end } = text.span;
    if (event.length - (end - start) > LITERAL_LIMIT) return undefined;
    // A name that is written with an escape may be another's: which of the two counts could not be told here.
    if (event.subarray(0, start).includes(BACKSLASH) || event.subarray(end).includes(BACKSLASH)) return undefined;
    const numbers = holesAt(lesson, [usage], counts).filter(({ span }) => countEnd(event, span.start) === span.end);
    const holes = [{ ...text, isText: true }, ...numbers].sort((one, other) => one.span.start - other.span.start);
    return new EventPattern(event, data, holes);
  }

  /** What the event that was just read parses to: the same object every time, with other values. */
  get data(): Json {
    for (const { holder, name, isText } of this.holes) if (isText) holder[name] = textOf(this.#text);
    this.tellCounts();
    return this.#data;
  }

  /** The text of the event that was just read. */
  get text(): JsonText {
    return this.#text;
  }

  /** Puts the counts of the event read last into what the one that was learnt has parsed to. */
  tellCounts(): void {
    for (const [index, { holder, name, isText }] of this.holes.entries())
      if (!isText) holder[name] = this.#counts[index];
  }

  /**
   * Reads the event that begins at `from`. Returns the index behind it, or -1 where it is no match.
   * @param memory in which the bytes lie
   */
  read(bytes: Buffer, from: number, memory = memoryOf(bytes)): number {
    const start = bytes.byteOffset;
    const limit = start + bytes.length;
    const holes = this.#holeCount;
    let at = from;
    for (let index = 0; ; index++) {
      const behind = this.#literals.behind(index, memory, start + at, limit);
      if (behind < 0) return -1;
      at = behind - start;
      if (index === holes) break;
      if (index === this.#textHole) {
        if (!this.#text.read(bytes, at, memory)) return -1;
        at = this.#text.to + 1;
      } else {
        const count = this.#count(bytes, at);
        if (count < 0) return -1;
        this.#counts[holes + index] = count;
        at = this.#end;
      }
    }
    for (let index = 0; index < holes; index++) this.#counts[index] = this.#counts[holes + index] as number;
    return at;
  }

  /** The whole number that stands at `from`, or -1. */
  #count(bytes: Buffer, from: number): number {
    const end = countEnd(bytes, from);
    if (end < 0) return -1;
    let count = 0;
    for (let at = from; at < end; at++) count = count * 10 + (bytes[at] as number) - ZERO;
    this.#end = end;
    return count;
  }
}

/** The members of these names of the object to which a path leads. */
function holesAt({ event, data }: Lesson, path: Places['text'], names: readonly string[]): Hole[] {
  let span: Span | undefined = { start: event.indexOf(OPEN_BRACE), end: event.lastIndexOf(CLOSE_BRACE) + 1 };
  let value: unknown = data;
  for (const step of path) {
    if (step === 0) {
      // Where there are more of them, what is between the brackets is no object.
      if (!Array.isArray(value)) return [];
      span = { start: span.start + 1, end: span.end - 1 };
      value = value[0];
    } else {
      span = isRecord(value) ? membersAt(event, span, [step]).get(step) : undefined;
      if (span === undefined) return [];
      value = (value as Json)[step];
    }
  }
  if (!isRecord(value)) return [];
  const holder = value;
  return [...membersAt(event, span, names)].map(([name, place]) => ({ span: place, holder, name, isText: false }));
}

/** Where these members of the object at a span stand in the event. */
function membersAt(event: Buffer, { start, end }: Span, names: readonly string[]): Map<string, Span> {
  const found = topLevelMembers(event.subarray(start, end), names) ?? new Map<string, Span>();
  for (const [name, span] of found) found.set(name, { start: start + span.start, end: start + span.end });
  return found;
}

/** Index behind the whole number that stands at `from`, or -1. */
function countEnd(bytes: Buffer, from: number): number {
  if (bytes[from] === ZERO) return from + 1;
  let at = from;
  while (isDigit(bytes[at])) at++;
  return at > from && at - from <= DIGITS ? at : -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
