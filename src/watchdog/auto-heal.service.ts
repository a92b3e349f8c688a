import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type HealRun, HealService, Journal } from '../heal/index.js';
import { type Cause } from '../kernel/cause.js';
import { type Clock } from '../kernel/clock.js';
import { type HealLevel, nextLevel } from '../kernel/heal-level.js';
import { LOG, type Log } from '../platform/logging.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type SettingsOf } from '../platform/settings.js';
import { type Cure } from './domain/episodes.js';
import { Escalation } from './domain/escalation.js';
import { judgeHeal } from './domain/judgement.js';
import { type Condition } from './domain/node-state.js';
import { type HealOutlook } from './domain/sentence/outlook.js';
import { REQUEST_ERRORS } from './domain/request-errors-name.js';
import { type Means, sightingsOf, whyNothing } from './domain/would.js';
import { RestartBudgetVital } from './restart-budget.vital.js';
import { type Vital, vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Time a heal has before it is judged, ms: enough for a call on new connections. */
const VERIFY_MS = 5000;
/** How long a heal may stay unjudged when no request comes, ms. */
const UNPROVEN_MS = 600_000;
/** Heals of its own in the period, ms; more than ten in ten minutes are worth an alert, and none the better. */
const HEALS = 8;
const HEAL_PERIOD_MS = 600_000;
/** Runs that wait for their verdict at once. */
const UNSETTLED = 20;

const CURED = 'It is not to be seen any more.';
const UNPROVEN = 'Nothing has come since that could have shown it.';

/** A run whose verdict is not known yet, and the conditions that it was to cure. */
interface Unsettled {
  readonly run: HealRun;
  readonly names: readonly string[];
  readonly at: number;
  /** The same as wall-clock ms; unknown of a run of an earlier life. */
  readonly ranAt?: number;
}

/** Decides on heals from what the watchdog sees, has them run, and says later whether they have helped. */
@Injectable()
export class AutoHeal {
  readonly #verifyMs: number;
  readonly #escalation: Escalation;
  readonly #began: number;
  /** Oldest first. */
  #unsettled: Unsettled[] = [];
  #adopted = false;
  #cure: Cure | undefined;

  constructor(
    @Inject(watchdogSettings.KEY) settings: SettingsOf<typeof watchdogSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(HealService) private readonly heal: HealService,
    @Inject(Journal) private readonly journal: Journal,
    @Inject(RestartBudgetVital) private readonly restarts: RestartBudgetVital,
  ) {
    this.#began = clock.now();
    this.#verifyMs = Math.min(VERIFY_MS, settings.intervalMs);
    this.#escalation = new Escalation({
      failureThreshold: settings.failureThreshold,
      // The pace of the checks is the pace of the repairs.
      cooldownMs: settings.intervalMs,
      verifyMs: this.#verifyMs,
      heals: HEALS,
      periodMs: HEAL_PERIOD_MS,
      unprovenMs: UNPROVEN_MS,
    });
  }

  /** What it could do now. */
  get means(): Means {
    return { levelsFor: (cause) => this.heal.levelsFor(cause), noRestart: this.restarts.refusal };
  }

  /** Ms until the next heal can be judged; undefined while none is to be. */
  get verdictDueMs(): number | undefined {
    const waits = this.#unsettled.map(({ at }) => at + this.#verifyMs - this.clock.now()).filter((ms) => ms > 0);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  /** The heal that runs, or else the latest that is to be judged within the time for it; undefined when there is none. */
  get progress(): HealOutlook | undefined {
    const { underWay } = this.heal;
    if (underWay !== undefined) {
      const { level, step } = underWay;
      return { level, steps: step === undefined ? [] : [step], resultInMs: undefined };
    }
    const last = this.#unsettled.at(-1);
    const resultInMs = last === undefined ? 0 : last.at + this.#verifyMs - this.clock.now();
    if (last === undefined || resultInMs <= 0) return undefined;
    return { level: last.run.level, steps: last.run.actions, resultInMs };
  }

  /** The last heal that was seen to help. */
  get cure(): Cure | undefined {
    return this.#cure;
  }

  /** The last level that was tried in vain for a cause, while that lasts. */
  tried(cause: Cause): HealLevel | null {
    return this.#escalation.failed(cause) ?? null;
  }

  /** The level it would heal a cause with next, of those that are open to it; undefined when there is none. */
  next(cause: Cause, levels: readonly HealLevel[]): HealLevel | undefined {
    return nextLevel(levels, this.#escalation.failed(cause));
  }

  /** Takes in what is not well now; runs at most one heal and resolves when it has ended. `regular`: see `Look`. */
  async consider(conditions: readonly Condition[], regular: boolean): Promise<void> {
    const now = this.clock.now();
    this.#adopt(now);
    this.#settle(now, conditions);
    const sightings = sightingsOf(conditions, this.means);
    const { decision } = this.#escalation.look({ now, regular, sightings, quiet: this.#quietCauses() });
    if (decision.kind === 'decline') this.#decline(decision.cause, conditions);
    if (decision.kind === 'heal') await this.#act(decision.cause, decision.level, conditions);
  }

  /** A heal has run, whoever asked for it. */
  ran(run: HealRun): void {
    const { cause } = run;
    if (cause === null) return;
    const names = this.heal.complaints().flatMap((complaint) => (complaint.cause === cause ? [complaint.name] : []));
    const now = this.clock.now();
    // What a person has tried is no rung of the node's own ladder.
    if (run.by !== 'admin') this.#escalation.healed(cause, run.level, now);
    const unsettled = { run, names, at: now, ranAt: this.clock.wall() };
    if (run.verdict === 'pending') this.#unsettled = [...this.#unsettled, unsettled].slice(-UNSETTLED);
    for (const vital of this.#vitals()) if (names.includes(vital.name)) vital.forget?.();
  }

  async #act(cause: Cause, level: HealLevel, conditions: readonly Condition[]): Promise<void> {
    const behind = conditions.filter((condition) => condition.cause === cause);
    const [worst] = behind;
    if (worst === undefined) return;
    const by = behind.every(({ name }) => name === REQUEST_ERRORS) ? 'request_errors' : 'watchdog';
    const fields = { cause, level, conditions: behind.map(({ name }) => name), evidence: worst.evidence };
    const event = level === 'heavy' ? 'watchdog_exit' : by === 'watchdog' ? 'watchdog_heal' : 'auto_heal_triggered';
    this.log[level === 'heavy' ? 'fatal' : 'warn']({ event, ...fields }, worst.reason);
    await this.heal.run({ by, cause, level, reason: worst.reason, evidence: worst.evidence });
  }

  #decline(cause: Cause, conditions: readonly Condition[]): void {
    const worst = conditions.find((condition) => condition.cause === cause);
    const why = whyNothing(cause, this.means);
    const entry = { cause, reason: worst?.reason ?? '', why, evidence: worst?.evidence ?? {} };
    this.log.warn({ event: 'watchdog_warn', ...entry }, `no heal for ${cause}: ${why}`);
    this.journal.append('heal_declined', { ...entry, timestamp: new Date(this.clock.wall()).toISOString() });
  }

  /** Says of every run that is due what it has come to. */
  #settle(now: number, conditions: readonly Condition[]): void {
    this.#unsettled = this.#unsettled.filter((unsettled) => {
      const { run, at } = unsettled;
      const left = conditions.find(({ cause, healable }) => healable && isLeftOf(cause, run.cause));
      const seen = { present: left !== undefined, quiet: this.#quiet(unsettled) };
      const times = { age: now - at, verifyMs: this.#verifyMs, unprovenMs: UNPROVEN_MS };
      const verdict = judgeHeal({ ...times, ...seen });
      if (verdict === undefined) return true;
      const reason = left?.reason ?? (verdict === 'cured' ? CURED : UNPROVEN);
      const event = verdict === 'not_cured' ? 'auto_heal_failed' : 'auto_heal_verified';
      const fields = { event, run_id: run.run_id, cause: run.cause, level: run.level, verdict };
      this.log[verdict === 'not_cured' ? 'warn' : 'info'](fields, reason);
      this.heal.settle(run, verdict, reason);
      if (verdict === 'cured') this.#cured(unsettled);
      return false;
    });
  }

  #cured({ run: { cause, actions }, ranAt }: Unsettled): void {
    if (cause !== null && ranAt !== undefined) this.#cure = { steps: actions, cause, at: ranAt };
  }

  /** Once, takes over the runs that an earlier life could not see the end of: a heavy heal shows only now. */
  #adopt(now: number): void {
    if (this.#adopted || !this.journal.loaded || now - this.#began < this.#verifyMs) return;
    this.#adopted = true;
    const runs = this.journal
      .since(0)
      .entries.filter((entry) => this.journal.isOwn(entry))
      .flatMap(({ kind, body }) =>
        kind === 'heal_run' && body['verdict'] === 'pending' ? [body as unknown as HealRun] : [],
      );
    const foreign = runs.filter(({ run_id: id }) => !this.#unsettled.some(({ run }) => run.run_id === id));
    this.#unsettled = [...foreign.map((run) => ({ run, names: [], at: this.#began })), ...this.#unsettled].slice(
      -UNSETTLED,
    );
  }

  /** Nothing has come that could show what the heal was to cure. */
  #quiet({ names }: Unsettled): boolean {
    if (names.length === 0) return false;
    const behind = this.#vitals().filter(({ name }) => names.includes(name));
    return behind.every(({ quiet }) => quiet === true);
  }

  #quietCauses(): Cause[] {
    return this.#unsettled.flatMap((unsettled) =>
      unsettled.run.cause !== null && this.#quiet(unsettled) ? [unsettled.run.cause] : [],
    );
  }

  #vitals(): readonly Vital[] {
    return vitals.collect(this.discovery);
  }
}

/** Whether what is seen is what a heal was to cure; connections that fail on new ones too are an outage. */
function isLeftOf(cause: Cause, healed: Cause | null): boolean {
  return cause === healed || (healed === 'connection_fault' && cause === 'upstream_outage');
}
