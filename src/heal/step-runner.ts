import { type Cause } from '../kernel/cause.js';
import { type Clock } from '../kernel/clock.js';
import { type Log } from '../platform/logging.js';
import { type Complaint, type StepRecord } from './heal-run.js';
import { type HealStep, type StepContext } from './heal-step.js';

/** What the steps of one run share. */
export interface RunContext {
  readonly runId: string;
  readonly manual: boolean;
  readonly cause: Cause | null;
  readonly reason: string;
  readonly complaints: readonly Complaint[];
}

/** Runs single steps, each within its time: one that fails or hangs does not hold up the others. */
export class StepRunner {
  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly timeoutMs: number,
  ) {}

  /** Runs a step and notes how its part was before and after it. Never rejects. */
  async run(step: HealStep, context: RunContext): Promise<StepRecord> {
    const before = stateOf(step);
    const started = this.clock.now();
    const failure = await this.#within(step, context, (inTime) => step.run(inTime));
    if (failure !== undefined)
      this.log.error(
        { event: 'self_heal', run_id: context.runId, step: step.name, err: failure.error },
        'heal step failed',
      );
    return {
      name: step.name,
      level: step.level,
      result: failure?.result ?? 'ok',
      duration_ms: Math.round(this.clock.now() - started),
      before,
      after: stateOf(step),
      ...(failure === undefined ? {} : { detail: failure.detail }),
    };
  }

  /** Lets a step that has run look whether it helped; what is still not well becomes part of its record. Never rejects. */
  async verify(step: HealStep, record: StepRecord, context: RunContext): Promise<StepRecord> {
    if (record.result !== 'ok') return record;
    let detail: string | undefined;
    const failure = await this.#within(step, context, async (inTime) => {
      detail = await step.verify(inTime);
    });
    detail = failure?.detail ?? detail;
    return { ...record, after: stateOf(step), ...(detail === undefined ? {} : { detail }) };
  }

  async #within(
    step: HealStep,
    { manual, cause, reason, complaints }: RunContext,
    work: (context: StepContext) => Promise<void>,
  ): Promise<{ result: 'failed' | 'timeout'; error: unknown; detail: string } | undefined> {
    const limitMs = step.timeoutMs ?? this.timeoutMs;
    const signal = AbortSignal.timeout(limitMs);
    try {
      await Promise.race([work({ signal, manual, cause, reason, complaints }), rejection(signal)]);
      return undefined;
    } catch (error) {
      if (signal.aborted) return { result: 'timeout', error, detail: `It did not end within ${limitMs} ms.` };
      return { result: 'failed', error, detail: wordsOf(error) };
    }
  }
}

/** A state that cannot be read must not keep its part from being repaired. */
function stateOf(step: HealStep): StepRecord['before'] {
  try {
    return step.state();
  } catch {
    return { unknown: true };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : 'It failed for an unknown reason.';
}

/** Rejects when the signal fires, so that a step that hangs does not hold the run. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}
