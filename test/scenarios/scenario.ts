import { type RequestRecord, type SimulatorOptions } from '../../src/simulator/index.js';
import { type Answer } from './calls/answer.js';
import { type Profile } from './profile.js';
import { type Stage } from './stage.js';

/** The model every scenario asks for. */
export const PRIMARY = 'gemini-2.5-pro';
/** The model to go on to, unless a scenario names another. */
export const FALLBACK = 'gemini-2.5-flash';
/** What is asked unless a scenario says otherwise: an answer of sixty words, in about a dozen events. */
export const PROMPT = 'Tell me a story #words=60';

/** What a scenario knows when it lays down its faults. */
export interface FaultContext {
  readonly profile: Profile;
  /** How many events of the undisturbed stream carry so many words, or just fewer. */
  readonly events: (words: number) => number;
}

/** What was seen of a scenario, by the callers and by the upstream. */
export interface Seen {
  readonly profile: Profile;
  readonly stage: Stage;
  /** What the callers got, in the order in which they asked. */
  readonly answers: readonly Answer[];
  /** The answer that counts where there is only one. */
  readonly answer: Answer;
  /** Calls for answers that reached the upstream, oldest first. */
  readonly attempts: readonly RequestRecord[];
  /** What Gemini answers when nothing goes wrong, and the node is not there. */
  readonly expected: Answer;
}

/** One trouble and what a caller may demand in it. */
export interface Scenario {
  readonly number: number;
  /** A letter where one number stands for several troubles. */
  readonly variant?: string;
  readonly title: string;
  /** Whether the answer in one piece is asked for as well. */
  readonly unary: boolean;
  readonly prompt?: string;
  readonly fallback?: string;
  /** Who is to answer: decides which undisturbed answer counts. The primary unless named. */
  readonly answerer?: 'primary' | 'fallback';
  readonly simulator?: SimulatorOptions;
  /** The settings that decide it, at an eighth: in force in the fast profile only. */
  readonly fast?: Readonly<Record<string, string>>;
  /** After so long the caller gives up and the call counts as hanging; real ms, 60 s unless named. */
  readonly patienceMs?: number;
  /** An error that is not the caller's business. */
  readonly foreign?: RegExp;
  /** What goes wrong: rules of a fault plan, for generating calls only. */
  faults(context: FaultContext): readonly object[];
  /** Who asks what and when; one call unless named. */
  play?(stage: Stage): Promise<readonly Answer[]>;
  /** The demands beyond a whole and exact answer that were missed, each in a few words. */
  judge(seen: Seen): readonly string[];
  /** What the trouble left behind that no answer can make up for: the scenario fails. */
  afterwards?(seen: Seen): Promise<readonly string[]>;
}

/** `10b`. */
export function scenarioName({ number, variant = '' }: Pick<Scenario, 'number' | 'variant'>): string {
  return `${number}${variant}`;
}
