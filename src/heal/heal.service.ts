import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { randomHex } from '../platform/identifiers.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Cause, type Evidence } from '../kernel/cause.js';
import { type HealLevel } from '../kernel/heal-level.js';
import { type AutomaticHeal, levelsFor, type ManualHeal, type Planned, planOf } from './domain/plan.js';
import { type Complaint, type HealRun, type StepRecord, type Verdict } from './heal-run.js';
import { HealProgress } from './heal-progress.js';
import { HealMetrics } from './heal.metrics.js';
import { healSettings } from './heal.settings.js';
import { type HealStep, healSteps } from './heal-step.js';
import { Journal } from './journal.service.js';
import { type RunContext, StepRunner } from './step-runner.js';

/** A heal, and why it is wanted. */
export type HealRequest = (AutomaticHeal | ManualHeal) & {
  /** One sentence, for the journal. */
  readonly reason: string;
  readonly evidence?: Evidence;
};

/** A heal that runs now, and the name of the step it is at. */
interface HealUnderWay {
  readonly level: HealLevel;
  readonly step: string | undefined;
}

interface Running {
  readonly names: ReadonlySet<string>;
  readonly run: Promise<HealRun>;
}

/** Plans and runs repairs, one run at a time; knows no step by name. Every run is written into the journal. */
@Injectable()
export class HealService {
  readonly #runner: StepRunner;
  #running: Running | undefined;
  #underWay: HealUnderWay | undefined;
  #complaints: () => readonly Complaint[] = () => [];
  #finished: (run: HealRun) => void = () => undefined;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(healSettings.KEY) settings: SettingsOf<typeof healSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(Journal) private readonly journal: Journal,
    @Inject(HealMetrics) private readonly metrics: HealMetrics,
    @Inject(HealProgress) private readonly progress: HealProgress,
  ) {
    this.#runner = new StepRunner(clock, log, settings.stepTimeoutMs);
  }

  /** Lets the diagnosis above this module say what is not well, and hear of every run that has ended. */
  attach(complaints: () => readonly Complaint[], finished: (run: HealRun) => void): void {
    this.#complaints = complaints;
    this.#finished = finished;
  }

  /** What is not well now, worst first. */
  complaints(): readonly Complaint[] {
    return this.#complaints();
  }

  /** What runs now; undefined while nothing does. */
  get underWay(): HealUnderWay | undefined {
    return this.#underWay;
  }

  /** Every step, whether the heal would run it, and why; mildest level first. */
  plan(heal: AutomaticHeal | ManualHeal): readonly Planned<HealStep>[] {
    return planOf(this.#steps(), heal, (step) => step.wanted());
  }

  /** Levels at which a step can cure the cause, mildest first. */
  levelsFor(cause: Cause): readonly HealLevel[] {
    return levelsFor(this.#steps(), cause);
  }

  /** Names of the options that steps take. */
  get options(): readonly string[] {
    return this.#steps().flatMap(({ option }) => (option === undefined ? [] : [option]));
  }

  /**
   * Runs a heal. Who comes while one runs that does all that is wanted gets the result of that one; who wants more
   * waits for its turn.
   */
  async run(request: HealRequest): Promise<HealRun> {
    const names = this.#names(request);
    while (this.#running !== undefined) {
      const { names: covered, run } = this.#running;
      const result = await run;
      if (names.every((name) => covered.has(name))) return result;
    }
    const run = this.#run(request).finally(() => {
      this.#running = undefined;
      this.#underWay = undefined;
    });
    this.#running = { names: new Set(names), run };
    return run;
  }

  /** Writes down what a part has already done on its own to heal itself. */
  record(
    done: Pick<HealRun, 'by' | 'level' | 'cause' | 'reason' | 'evidence'> & { readonly step: StepRecord },
  ): HealRun {
    const { step, ...rest } = done;
    return this.#conclude(
      { ...rest, steps: [step], started: this.clock.now() - step.duration_ms, before: [] },
      randomHex(8),
    );
  }

  /** Says what a run has come to, some time after it. */
  settle(run: HealRun, verdict: Verdict, reason: string): void {
    const words = { verdict, verdict_reason: reason };
    this.journal.amend(run.run_id, (body) => ({ ...body, ...words }));
    const { run_id, cause, level } = run;
    this.journal.append('heal_verdict', { run_id, cause, level, timestamp: this.#timestamp(), ...words });
    this.metrics.settled(run, verdict);
  }

  async #run(request: HealRequest): Promise<HealRun> {
    const started = this.clock.now();
    const before = this.complaints();
    const manual = request.by === 'admin';
    const cause = request.by === 'admin' ? (before[0]?.cause ?? null) : request.cause;
    const context: RunContext = { runId: randomHex(8), manual, cause, reason: request.reason, complaints: before };
    const chosen = this.plan(request).flatMap(({ step, runs }) => (runs ? [step] : []));
    const ran: [HealStep, StepRecord][] = [];
    for (const step of chosen) {
      this.#underWay = { level: request.level, step: step.name };
      ran.push([step, await this.#runStep(step, context)]);
    }
    const steps = await Promise.all(ran.map(([step, record]) => this.#runner.verify(step, record, context)));
    const { by, level, reason } = request;
    const evidence = request.evidence ?? before[0]?.evidence ?? {};
    const facts = { by, level, cause, reason, evidence, steps, started, before: before.map(({ name }) => name) };
    return this.#conclude(facts, context.runId);
  }

  async #runStep(step: HealStep, context: RunContext): Promise<StepRecord> {
    const of = { run_id: context.runId, step: step.name };
    this.progress.steps.publish({ ...of, state: 'started' });
    const record = await this.#runner.run(step, context);
    this.progress.steps.publish({ ...of, state: 'finished', result: record.result });
    return record;
  }

  #conclude(facts: Omit<RunFacts, 'before'> & { readonly before: readonly string[] }, runId: string): HealRun {
    const { started, steps, ...rest } = facts;
    const done = steps.filter(({ result }) => result === 'ok');
    const after = this.complaints().map(({ name }) => name);
    const run: HealRun = {
      run_id: runId,
      status: done.length === steps.length ? 'OK' : done.length > 0 ? 'PARTIAL' : 'FAILED',
      actions: done.map(({ name }) => name),
      timestamp: this.#timestamp(),
      ...rest,
      steps,
      duration_ms: Math.round(this.clock.now() - started),
      after,
      ...firstVerdict(rest.cause, steps),
    };
    this.journal.append('heal_run', { ...run }, runId);
    this.metrics.finished(run);
    const { status, actions, verdict, by, level, cause } = run;
    const fields = { event: 'self_heal', run_id: runId, by, level, cause, status, actions, verdict };
    this.log.info(fields, 'heal run finished');
    this.#finished(run);
    return run;
  }

  #steps(): readonly HealStep[] {
    return healSteps.collect(this.discovery);
  }

  #names(heal: AutomaticHeal | ManualHeal): readonly string[] {
    return this.plan(heal).flatMap(({ step, runs }) => (runs ? [step.name] : []));
  }

  #timestamp(): string {
    return new Date(this.clock.wall()).toISOString();
  }
}

interface RunFacts extends Pick<HealRun, 'by' | 'level' | 'cause' | 'reason' | 'evidence' | 'steps' | 'before'> {
  /** Monotonic ms. */
  readonly started: number;
}

/** What can be said at once: whether it has helped shows when the node is looked at again. */
function firstVerdict(cause: Cause | null, steps: readonly StepRecord[]): Pick<HealRun, 'verdict' | 'verdict_reason'> {
  const trouble = steps.find(({ detail }) => detail !== undefined);
  if (trouble !== undefined) {
    const verdict_reason = `${trouble.name}: ${trouble.detail ?? ''}`;
    return { verdict: cause === null ? 'no_fault' : 'not_cured', verdict_reason };
  }
  if (cause === null) return { verdict: 'no_fault', verdict_reason: 'Nothing was wrong when it was asked for.' };
  return { verdict: 'pending', verdict_reason: 'The node is looked at again before this is called a cure.' };
}
