import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '../kernel/clock.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { FirstTokenLimit, USUAL_FIRST_TOKEN } from '../resilience/index.js';
import { geminiSettings } from './gemini.settings.js';
import { patienceSettings } from './patience.settings.js';

/** What kind of answer is waited for, and of whom. */
export interface AnswerKind {
  /** Model, or model and method where the method makes the difference. */
  readonly series: string;
  /** Streamed answers are timed to their first word, others to their head. */
  readonly streamed: boolean;
  /** Thinking budget, tokens: 0 is none, undefined the model's own choice. */
  readonly thinking: number | undefined;
}

/** An answer that begins later than 19 of 20 of its kind is late. */
const LATE = 0.95;

/** How long answers of each kind take to begin, learnt from those that came, and how long they are waited for. */
@Injectable()
export class AnswerTimes {
  readonly #streamed: FirstTokenLimit;
  readonly #whole: FirstTokenLimit;
  readonly #besideMs: number;

  constructor(
    @Inject(geminiSettings.KEY) { firstTokenMs, besideMs }: SettingsOf<typeof geminiSettings>,
    @Inject(patienceSettings.KEY) private readonly settings: SettingsOf<typeof patienceSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#besideMs = besideMs;
    this.#streamed = this.#learner(firstTokenMs, settings.firstTokenFloorMs);
    this.#whole = this.#learner(settings.answerMs, settings.answerFloorMs);
  }

  /** How long an answer is waited for at most, ms. */
  limitMs(kind: AnswerKind): number {
    return this.#of(kind).limitMs(kind.series, kind.thinking);
  }

  /** How long it is waited for before another target is asked beside the silent one, ms. */
  besideMs(kind: AnswerKind): number {
    const usual = kind.streamed ? this.#besideMs : this.settings.answerBesideMs;
    return Math.max(usual, this.#lateMs(kind) ?? 0);
  }

  /** When a hedge is due, ms; undefined when hedging is off or too little is known. */
  hedgeMs(kind: AnswerKind): number | undefined {
    return this.settings.hedging ? this.#lateMs(kind) : undefined;
  }

  /** Takes in that an answer began after `ms`. */
  began(kind: AnswerKind, ms: number): void {
    this.#of(kind).firstToken(kind.series, kind.thinking, ms);
  }

  /** Takes in that nothing had come after `ms`: at the limit (`reached`), or given up before. */
  gaveUp(kind: AnswerKind, ms: number, reached: boolean): void {
    this.#of(kind).gaveUp(kind.series, kind.thinking, ms, reached);
  }

  #lateMs(kind: AnswerKind): number | undefined {
    return this.#of(kind).quantileMs(kind.series, kind.thinking, LATE);
  }

  #of({ streamed }: AnswerKind): FirstTokenLimit {
    return streamed ? this.#streamed : this.#whole;
  }

  #learner(defaultMs: number, floorMs: number): FirstTokenLimit {
    const { firstTokenCeilingMs, thinkingTokenMs } = this.settings;
    return new FirstTokenLimit(this.clock, {
      ...USUAL_FIRST_TOKEN,
      defaultMs,
      // What is configured holds, also where it is beyond what a model may teach.
      floorMs: Math.min(floorMs, defaultMs),
      ceilingMs: Math.max(firstTokenCeilingMs, defaultMs),
      perThinkingTokenMs: thinkingTokenMs,
    });
  }
}
