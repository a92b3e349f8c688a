import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { AutoHeal } from './auto-heal.service.js';
import { diagnose, type Found } from './domain/diagnosis.js';
import { Episodes } from './domain/episodes.js';
import { type Condition, judge, type NodeState } from './domain/node-state.js';
import { type Likely, type Outlook } from './domain/sentence/outlook.js';
import { tell, type Told } from './domain/sentence/tell.js';
import { Forecasts } from './forecasts.service.js';
import { RequestErrorsVital } from './request-errors.vital.js';
import { vitals } from './vital.js';

/** What is said of the node: its state in a word, its situation in a finer one, and the sentence. */
export interface HealthReport extends Told {
  readonly state: NodeState;
  /** Worst first. */
  readonly conditions: readonly Condition[];
  /** What is likely to come, the soonest first. */
  readonly forecasts: readonly Likely[];
}

/** Puts what users feel, what the vitals say and what the node does about it into one state and one sentence. */
@Injectable()
export class NodeHealth {
  readonly #since = new Map<string, number>();
  readonly #episodes = new Episodes();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(RequestErrorsVital) private readonly requests: RequestErrorsVital,
    @Inject(AutoHeal) private readonly autoHeal: AutoHeal,
    @Inject(Forecasts) private readonly forecasts: Forecasts,
  ) {}

  /** Conditions now, worst first. */
  conditions(): readonly Condition[] {
    const found = vitals.collect(this.discovery).flatMap((vital): Found[] => {
      const finding = vital.read();
      return finding === undefined ? [] : [{ name: vital.name, ...finding }];
    });
    const names = new Set(found.map(({ name }) => name));
    for (const name of this.#since.keys()) if (!names.has(name)) this.#since.delete(name);
    for (const name of names) if (!this.#since.has(name)) this.#since.set(name, this.clock.wall());
    return diagnose(found, (name) => this.#since.get(name) ?? this.clock.wall());
  }

  /** The state of the node in one word and one sentence. */
  report(): HealthReport {
    const conditions = this.conditions();
    const state = judge({ phase: this.lifecycle.phase, failing: this.requests.errors.failing }, conditions);
    const outlook = this.#outlook(state, conditions);
    return { ...tell(outlook), state, conditions, forecasts: outlook.forecasts };
  }

  #outlook(state: NodeState, conditions: readonly Condition[]): Outlook {
    const { answered, failed, helped, ever, failing, lastFailure, lastMinute, failedEver } = this.requests.errors;
    const now = this.clock.wall();
    // How it begins and ends is no trouble.
    if (this.lifecycle.phase === 'running')
      this.#episodes.look({ wall: now, conditions, failedEver, failedLately: lastMinute.failed });
    return {
      state,
      now,
      conditions,
      requests: { answered, failed, helped, ever, failing, lastFailure, lastMinute },
      heal: this.autoHeal.progress,
      forecasts: this.forecasts.likely(),
      recovery: this.#episodes.recovery(this.autoHeal.cure),
      start: this.lifecycle.start,
      drain: this.lifecycle.drain?.(),
    };
  }
}
