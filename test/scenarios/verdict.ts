import { type RequestRecord } from '../../src/simulator/index.js';
import { type Answer } from './calls/answer.js';

/** The verdicts, best first. */
export const VERDICTS = ['pass', 'partial', 'safe', 'fail'] as const;

/**
 * `pass`: everything the scenario demands. `partial`: a whole and exact answer, but a demand was missed. `safe`: no whole
 * answer, but an error that says so. `fail`: anything else.
 */
export type Verdict = (typeof VERDICTS)[number];

/** A verdict, and why it is not `pass`. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * What one caller was left with: the `whole` answer; an `honest` error that says there is none; something `untrue` that
 * passes for an answer and is none; or nothing, `lost` without an end or without a word.
 */
export interface Ending {
  readonly kind: 'whole' | 'honest' | 'untrue' | 'lost';
  readonly reason: string;
}

/** Most attempts for a call that got no answer. */
const MOST_IN_VAIN = 6;

/** Judges what a caller got against the undisturbed answer; `foreign` are errors that are not the caller's business. */
export function endingOf(answer: Answer, expected: Pick<Answer, 'text' | 'finish'>, foreign?: RegExp): Ending {
  const untrue = (reason: string): Ending => ({ kind: 'untrue', reason });
  const lost = (reason: string): Ending => ({ kind: 'lost', reason });
  const { status, end, error } = answer;
  if (end === 'hung') return lost(`no end within ${seconds(answer.ms)}`);
  if (foreign?.test(answer.body) === true) return untrue('the error of another attempt is shown');
  if (status === 0) return lost('the connection broke without a word');
  if (status >= 400) {
    return error === undefined || end !== 'clean'
      ? lost(`status ${status} without a readable error`)
      : { kind: 'honest', reason: `status ${status}, ${said(error)}` };
  }
  if (end === 'broken') {
    return error === undefined
      ? lost('the connection broke without an error event')
      : { kind: 'honest', reason: `error event and a broken connection: ${said(error)}` };
  }
  if (error !== undefined) return untrue('an error event, then a clean end');
  if (answer.spoilt !== undefined) return untrue(`not an event: ${answer.spoilt}`);
  if (answer.text !== expected.text)
    return untrue(`a wrong answer looks whole (${words(answer.text)} words of ${words(expected.text)})`);
  if (answer.finish !== expected.finish) return untrue(`ends with ${answer.finish ?? 'no reason'}`);
  return answer.ended ? { kind: 'whole', reason: '' } : untrue('the end mark is missing');
}

/** What a verdict rests on. */
export interface Evidence {
  readonly endings: readonly Ending[];
  /** Demands that were missed. */
  readonly missed: readonly string[];
  readonly attempts: readonly RequestRecord[];
  /** What the trouble left behind. */
  readonly damage: readonly string[];
}

/** The verdict on a scenario, from what each caller was left with, what was missed, and what the upstream had to bear. */
export function verdictOf({ endings, missed, attempts, damage }: Evidence): Judgement {
  const bad = endings.find(({ kind }) => kind === 'untrue' || kind === 'lost');
  if (bad !== undefined || endings.length === 0) return { verdict: 'fail', reason: bad?.reason ?? 'nobody asked' };
  if (damage.length > 0) return { verdict: 'fail', reason: damage.join('; ') };
  const honest = endings.filter(({ kind }) => kind === 'honest');
  if (honest.length > 0) {
    const perCall = attempts.length / endings.length;
    if (perCall > MOST_IN_VAIN) return { verdict: 'fail', reason: `${attempts.length} attempts, and no answer` };
    const share = endings.length > 1 ? `${honest.length} of ${endings.length} calls: ` : '';
    return { verdict: 'safe', reason: share + (honest[0]?.reason ?? '') };
  }
  return missed.length === 0 ? { verdict: 'pass', reason: '' } : { verdict: 'partial', reason: missed.join('; ') };
}

/** Whether a verdict is as good as the one expected, or better. */
export function asGoodAs(verdict: Verdict, expected: Verdict): boolean {
  return VERDICTS.indexOf(verdict) <= VERDICTS.indexOf(expected);
}

/** `2.3 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function said({ code, message }: NonNullable<Answer['error']>): string {
  return `${code} ${message}`.trim().slice(0, 90);
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
