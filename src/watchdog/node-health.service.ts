import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type Clock } from '../kernel/clock.js';
import { type ErrorCode } from '../kernel/error-codes.js';
import { TimeWindow } from '../kernel/time-window.js';
import { Lifecycle } from '../platform/lifecycle.js';
import { CLOCK } from '../platform/platform.tokens.js';
import { type RequestFinished } from '../platform/request-context.js';
import { RequestEvents } from '../platform/request-events.js';
import { type SettingsOf } from '../platform/settings.js';
import { ErrorScore } from './domain/error-score.js';
import { type Condition, judge, type NodeState, summarise } from './domain/node-state.js';
import { vitals } from './vital.js';
import { watchdogSettings } from './watchdog.settings.js';

/** Span over which the summary speaks of requests, ms. */
const SUMMARY_SPAN_MS = 300_000;

/** Code of a request that was one too many of its client. */
const RATE_LIMITED: ErrorCode = 'RATE_LIMITED';

/** Puts what users feel and what the vitals say into one state and one sentence. */
@Injectable()
export class NodeHealth {
  readonly score: ErrorScore;
  readonly #requests: TimeWindow<'ok' | 'failed'>;
  readonly #since = new Map<string, number>();
  #lastFailure: string | undefined;

  constructor(
    @Inject(watchdogSettings.KEY) settings: SettingsOf<typeof watchdogSettings>,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
    private readonly discovery: DiscoveryService,
    events: RequestEvents,
  ) {
    this.score = new ErrorScore(settings.errorThreshold);
    this.#requests = new TimeWindow(clock, SUMMARY_SPAN_MS);
    events.finished.subscribe((event) => {
      this.#count(event);
    });
  }

  /** Conditions now, worst first. */
  conditions(): readonly Condition[] {
    const found = vitals.collect(this.discovery).flatMap((vital) => {
      const finding = vital.read();
      return finding === undefined ? [] : [{ name: vital.name, notReady: false, ...finding }];
    });
    const names = new Set(found.map(({ name }) => name));
    for (const name of this.#since.keys()) if (!names.has(name)) this.#since.delete(name);
    return found
      .map((finding) => {
        const since = this.#since.get(finding.name) ?? this.clock.wall();
        this.#since.set(finding.name, since);
        return { ...finding, since };
      })
      .sort((a, b) => (a.severity < b.severity ? 1 : -1));
  }

  /** The state of the node in one word and one sentence. */
  report(): { state: NodeState; summary: string; conditions: readonly Condition[] } {
    const conditions = this.conditions();
    const facts = {
      phase: this.lifecycle.phase,
      answered: this.#requests.count('ok'),
      failed: this.#requests.count('failed'),
      failing: this.score.failing,
      lastFailure: this.#lastFailure,
    };
    const state = judge(facts, conditions);
    return { state, summary: summarise(state, facts, conditions), conditions };
  }

  #count({ status, broken, code }: RequestFinished): void {
    // Neither a client who left nor one who sent too much says anything about the node and the upstream.
    if (status === 499 || code === RATE_LIMITED) return;
    if (status >= 500 || broken) {
      this.score.error();
      this.#requests.add('failed');
      this.#lastFailure = code ?? `status ${status}`;
    } else {
      // An error of the client says that the node and the upstream answered.
      this.score.success();
      this.#requests.add('ok');
    }
  }
}
