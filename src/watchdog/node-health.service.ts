import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { diagnose, type Found } from './domain/diagnosis.js';
import { type Condition, judge, type NodeState, summarise } from './domain/node-state.js';
import { RequestErrorsVital } from './request-errors.vital.js';
import { vitals } from './vital.js';

/** Puts what users feel and what the vitals say into one state and one sentence. */
@Injectable()
export class NodeHealth {
  readonly #since = new Map<string, number>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(RequestErrorsVital) private readonly requests: RequestErrorsVital,
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
  report(): { state: NodeState; summary: string; conditions: readonly Condition[] } {
    const conditions = this.conditions();
    const { answered, failed, failing, lastFailure } = this.requests.errors;
    const facts = { phase: this.lifecycle.phase, answered, failed, failing, lastFailure };
    const state = judge(facts, conditions);
    return { state, summary: summarise(state, facts, conditions, this.clock.wall()), conditions };
  }
}
