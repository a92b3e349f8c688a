import { AnswerDefect } from '../answer-defect.js';
import { parseJson } from '../json-scan.js';
import { isRecord } from '../upstream-error.js';
import { Delivered, isFinish, isThought } from './delivered.js';
import { type Splice, SpliceRefused } from './splice.js';
import { StopSequenceGuard } from './stop-sequence.js';
import { addUsage } from './usage-sum.js';

type Json = Record<string, unknown>;

/** The ways in which an answer is gone on with. */
export const RESUME_KINDS = ['continuation', 'prefill', 'replay'] as const;
export type ResumeKind = (typeof RESUME_KINDS)[number];

/** What a spliced answer must keep to, and what is told of it. */
export interface SpliceTerms {
  readonly kind: ResumeKind;
  /** Where in the delivered text the new answer begins; undefined when it is no part of the same answer. */
  readonly from: number | undefined;
  readonly stops: readonly string[];
  readonly wantsJson: boolean;
  /** Told to the client in the first event that goes on. */
  readonly mark: Json;
  /** Told once, when the first text that goes on is found to fit. */
  readonly joined: () => void;
}

/** Members of a delta that a going-on does not repeat, or says in its own words. */
const REPLACED: ReadonlySet<string> = new Set(['role', 'content', 'reasoning_content']);
/** Members that speak of places in a text which, after a prefill, is only the last part of the answer. */
const OF_THE_PART: ReadonlySet<string> = new Set(['continuationToken', 'citationMetadata']);
/** Finish reasons with which a provider withholds the rest. */
const WITHHELD = /^(SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_.*|content_filter.*)$/;

/** Makes, of the events of a new answer, events that go on with the one a client has already in part. */
export class SplicedAnswer {
  readonly #guard: StopSequenceGuard | undefined;
  #received = 0;
  #marked = false;
  #finished = false;
  #stopped = false;

  constructor(
    private readonly delivered: Delivered,
    private readonly splice: Splice,
    readonly terms: SpliceTerms,
  ) {
    if (terms.stops.length > 0) this.#guard = new StopSequenceGuard(terms.stops, delivered.text);
  }

  /** A text at which the answer was to stop has come: it is over, whatever follows. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The rest of the answer has come to its end, even if there was nothing left to say. */
  get ended(): boolean {
    return this.#finished && this.delivered.length > 0;
  }

  /** The event for the client; undefined when this one says nothing new. Throws AnswerDefect where the two do not fit. */
  take(event: Json): Json | undefined {
    if (this.#stopped) return undefined;
    try {
      const shown = this.delivered.surface === 'openai' ? this.#chat(event) : this.#native(event);
      if (shown !== undefined) this.#note(shown);
      return shown;
    } catch (error) {
      if (error instanceof SpliceRefused) throw new AnswerDefect('no_seam');
      throw error;
    }
  }

  #native(event: Json): Json | undefined {
    const { delivered } = this;
    const candidates: unknown[] = Array.isArray(event['candidates']) ? event['candidates'] : [];
    if (candidates.length > 1) throw new AnswerDefect('no_seam');
    this.#refuseBlock(event['promptFeedback']);
    const candidate = isRecord(candidates[0]) ? candidates[0] : {};
    const content = isRecord(candidate['content']) ? candidate['content'] : {};
    const parts = Array.isArray(content['parts']) ? content['parts'].filter(isRecord) : [];
    const reason = candidate['finishReason'];
    const said = parts.filter((part) => part['thought'] !== true);
    const others = said.filter((part) => typeof part['text'] !== 'string');
    const text = this.#text(
      said.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join(''),
      reason,
    );
    if (others.length > 0 && !this.splice.joined) throw new AnswerDefect('no_seam');
    this.#checkpoint(candidate['continuationToken']);
    const usage = isRecord(event['usageMetadata']) ? event['usageMetadata'] : undefined;
    delivered.usage = usage ?? delivered.usage;
    if (text === '' && others.length === 0 && !this.#finished) return undefined;
    const spoken = [...(text === '' ? [] : [{ text }]), ...others];
    const finish = this.#stopped ? { finishReason: 'STOP' } : {};
    const told = this.terms.kind === 'prefill' ? ofTheWhole(candidate) : candidate;
    const shown = { ...told, content: { role: 'model', ...content, parts: spoken }, ...finish };
    return {
      ...event,
      ...(candidates.length === 0 && !this.#stopped ? {} : { candidates: [shown] }),
      ...(usage === undefined ? {} : { usageMetadata: addUsage(delivered.spent, usage) }),
      ...(delivered.id === undefined ? {} : { responseId: delivered.id }),
      ...(delivered.model === undefined ? {} : { modelVersion: delivered.model }),
      ...this.#mark(),
    };
  }

  #chat(event: Json): Json | undefined {
    const { delivered } = this;
    const choices: unknown[] = Array.isArray(event['choices']) ? event['choices'] : [];
    if (choices.length > 1) throw new AnswerDefect('no_seam');
    const choice = isRecord(choices[0]) ? choices[0] : undefined;
    const delta = isRecord(choice?.['delta']) ? choice['delta'] : {};
    const others = Object.fromEntries(Object.entries(delta).filter(([name]) => !REPLACED.has(name)));
    const content = isThought(delta) ? undefined : delta['content'];
    const calls = Array.isArray(others['tool_calls']) && others['tool_calls'].length > 0;
    const text = this.#text(typeof content === 'string' ? content : '', choice?.['finish_reason']);
    if (calls && !this.splice.joined) throw new AnswerDefect('no_seam');
    const usage = isRecord(event['usage']) ? event['usage'] : undefined;
    delivered.usage = usage ?? delivered.usage;
    if (text === '' && !calls && !this.#finished) return undefined;
    const finish = this.#stopped ? { finish_reason: 'stop' } : {};
    const said = text === '' ? others : { ...others, content: text };
    return {
      ...event,
      choices: choice === undefined ? choices : [{ ...choice, delta: said, ...finish }],
      ...(usage === undefined ? {} : { usage: addUsage(delivered.spent, usage) }),
      ...(delivered.id === undefined ? {} : { id: delivered.id }),
      ...(delivered.model === undefined ? {} : { model: delivered.model }),
      ...this.#mark(),
    };
  }

  /** Behind a text a blocked question would be no end that clients see: they would take the text for whole. */
  #refuseBlock(feedback: unknown): void {
    if (!isRecord(feedback) || typeof feedback['blockReason'] !== 'string') return;
    this.#finished = true;
    if (this.delivered.length === 0) return;
    // Nor is a block a failure that another attempt would mend.
    this.delivered.bar = 'safety';
    throw new AnswerDefect('no_seam');
  }

  /** A call, say, stands against going on also when it came behind a joint. */
  #note(shown: Json): void {
    const seen = new Delivered(this.delivered.surface, Number.POSITIVE_INFINITY);
    seen.accept(shown);
    this.delivered.bar ??= seen.bar;
  }

  /** What of a text is new to the client; with a finish reason, all that is left of it. */
  #text(text: string, reason: unknown): string {
    this.#received += text.length;
    let fresh = this.#guarded(this.splice.push(text));
    if (isFinish(reason) && !this.#stopped) {
      this.#finished = true;
      // What is withheld need not have come as far as the seam: the end is the provider's.
      if (!WITHHELD.test(reason)) fresh += this.#guarded(this.splice.end()) + this.#released();
    }
    const ends = this.#finished && this.terms.wantsJson && /^stop$/i.test(String(reason));
    if (ends && parseJson(this.delivered.text + fresh) === undefined) throw new AnswerDefect('no_seam');
    this.delivered.say(fresh);
    // The words of another attempt do not stand behind a token of this one.
    if (fresh !== '' && this.terms.from === undefined) this.delivered.checkpoint = undefined;
    return fresh;
  }

  #guarded(text: string): string {
    if (this.#guard === undefined || this.#stopped) return this.#stopped ? '' : text;
    const { text: allowed, stopped } = this.#guard.push(text);
    this.#stopped = stopped;
    this.#finished ||= stopped;
    return allowed;
  }

  /** What was held back because it might have been the beginning of a stop sequence. */
  #released(): string {
    return this.#stopped ? '' : (this.#guard?.end() ?? '');
  }

  #checkpoint(token: unknown): void {
    const { from } = this.terms;
    if (typeof token === 'string' && from !== undefined) {
      this.delivered.checkpoint = { token, at: from + this.#received };
    }
  }

  #mark(): Json {
    if (this.#marked) return {};
    this.#marked = true;
    this.terms.joined();
    return { l104: this.terms.mark };
  }
}

function ofTheWhole(candidate: Json): Json {
  const told = Object.fromEntries(Object.entries(candidate).filter(([name]) => !OF_THE_PART.has(name)));
  const sources = told['groundingMetadata'];
  // Sources stay; which words they support is told by places in the text.
  return isRecord(sources) ? { ...told, groundingMetadata: { ...sources, groundingSupports: undefined } } : told;
}
