import { BACKSLASH, CLOSE_BRACE, OPEN_BRACE, QUOTE } from './json-bytes.js';
import { type Span, topLevelMembers } from './json-scan.js';
import { type JsonText, TextScan, textOf } from './json-text.js';
import { Literals } from './literals.js';
import { copyText } from './memory-of.js';
import { type Surface } from './route.js';
import { isRecord } from './upstream-error.js';

type Json = Record<string, unknown>;

/** Bytes beside its text and counts of an event that is learnt, at most. */
const LITERAL_LIMIT = 4096;
/** Bytes of text that are kept here at most: those of some ten events. */
const KEPT = 1024;
/** A count of more digits is not read here: it may not be exact. */
const DIGITS = 15;
const COUNT = new RegExp(`^(0|[1-9]\\d{0,${DIGITS - 1}})$`);
const ZERO = 0x30;
const TEN = 10;

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

/** The text of the event that was read last, by whichever pattern: it is taken up before another one is read. */
const TEXT = new TextScan();
/** Which number of a literal is the count behind it in the event that was read last, and which that in the one being read. */
const LAST = 0;
const NEXT = 1;

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
  /** Offset behind the count read last. */
  #end = 0;
  readonly #data: Json;
  /** Where in the literals' memory text is kept, how much of it there is, and what it says. */
  readonly #keptFrom: number;
  #keptTo: number;
  #keptUnits = 0;
  #keptEscaped = false;

  private constructor(
    event: Buffer,
    data: Json,
    private readonly holes: readonly Hole[],
  ) {
    const starts = [0, ...holes.map(({ span }) => span.end)];
    const ends = [...holes.map(({ span }) => span.start), event.length];
    this.#data = data;
    this.#literals = new Literals(
      starts.map((start, index) => event.subarray(start, ends[index])),
      KEPT,
    );
    this.#keptFrom = this.#keptTo = this.#literals.byteLength - KEPT;
    this.#holeCount = holes.length;
    this.#textHole = holes.findIndex(({ isText }) => isText);
    for (const [index, { holder, name, isText }] of holes.entries())
      if (!isText) this.#literals.setNumber(index, LAST, holder[name] as number);
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
    const isCount = ({ span }: Hole): boolean => COUNT.test(event.toString('latin1', span.start, span.end));
    const numbers = holesAt(lesson, [usage], counts).filter(isCount);
    const holes = [{ ...text, isText: true }, ...numbers].sort((one, other) => one.span.start - other.span.start);
    return new EventPattern(event, data, holes);
  }

  /** What the event that was just read in this memory parses to: the same object every time, with other values. */
  dataIn(memory: DataView): Json {
    for (const { holder, name, isText } of this.holes) if (isText) holder[name] = textOf(TEXT, memory);
    this.tellCounts();
    return this.#data;
  }

  /** The text of the event that was just read. */
  get text(): JsonText {
    return TEXT;
  }

  /** Puts the counts of the event read last into what the one that was learnt has parsed to. */
  tellCounts(): void {
    for (const [index, { holder, name, isText }] of this.holes.entries())
      if (!isText) holder[name] = this.#literals.number(index, LAST);
  }

  /** Keeps the text of the event that was just read in this memory, behind what is kept already; false where there is no room. */
  keepText(memory: DataView): boolean {
    const { from, to, units, escaped } = TEXT;
    if (this.#keptTo + to - from > this.#literals.byteLength) return false;
    this.#keptTo = copyText(TEXT, memory, this.#literals, this.#keptTo);
    this.#keptUnits += units;
    if (escaped) this.#keptEscaped = true;
    return true;
  }

  /** Tells the text that was kept, and keeps it no longer. */
  tellText(tell: (text: JsonText, memory: DataView) => void): void {
    if (this.#keptUnits === 0) return;
    const text = { from: this.#keptFrom, to: this.#keptTo, units: this.#keptUnits, escaped: this.#keptEscaped };
    this.#keptTo = this.#keptFrom;
    this.#keptUnits = 0;
    this.#keptEscaped = false;
    tell(text, this.#literals);
  }

  /** Reads the event that begins at an offset in a memory, in front of `limit`. Returns the offset behind it, or -1 where it is no match. */
  read(memory: DataView, from: number, limit: number): number {
    const literals = this.#literals;
    const holes = this.#holeCount;
    let at = from;
    for (let index = 0; ; index++) {
      at = literals.behind(index, memory, at, limit);
      if (at < 0) return -1;
      if (index === holes) break;
      if (index === this.#textHole) {
        if (!TEXT.read(memory, at, limit)) return -1;
        at = TEXT.to + 1;
      } else {
        const count = this.#count(memory, at, limit);
        if (count < 0) return -1;
        literals.setNumber(index, NEXT, count);
        at = this.#end;
      }
    }
    for (let index = 0; index < holes; index++) literals.setNumber(index, LAST, literals.number(index, NEXT));
    return at;
  }

  /** The whole number that stands at an offset, as JSON writes it, or -1. */
  #count(memory: DataView, from: number, limit: number): number {
    let count = 0;
    let at = from;
    for (; at < limit; at++) {
      const digit = memory.getUint8(at) - ZERO;
      if (digit < 0 || digit >= TEN) break;
      count = count * TEN + digit;
    }
    const digits = at - from;
    if (digits === 0 || digits > DIGITS || (digits > 1 && memory.getUint8(from) === ZERO)) return -1;
    this.#end = at;
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
